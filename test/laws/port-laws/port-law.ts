import { describe, expect, test } from "vitest";
import type { Ports } from "../../../src/ports/ports.ts";

/** What a port promises, whoever implements it. It reaches the world through nothing but the ports. */
export interface PortLaw {
  readonly title: string;
  /** Rejects when the law does not hold. */
  check(ports: Ports, place: Place): Promise<void>;
}

/** Where a law is checked. */
export interface Place {
  /** An empty folder: absolute, and reached without links. */
  readonly root: string;
  readonly programs: LawPrograms;
}

/** How to start a program: further arguments are put behind its own. */
export interface LawProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** The programs that the laws of subprocesses start, by what they do. Those of the real ports lie in `fixtures/programs`. */
export interface LawPrograms {
  /** Prints its further arguments as a JSON array. */
  readonly echoArgs: LawProgram;
  /** Prints its environment as a JSON object. */
  readonly printEnvironment: LawProgram;
  /** Prints the path of its working folder. */
  readonly printFolder: LawProgram;
  /** Prints `out` on standard output and `err` on standard error. */
  readonly printTwoStreams: LawProgram;
  /** Prints as many bytes `x` as its argument says. */
  readonly printManyBytes: LawProgram;
  /** Prints `half a li` without a line end. */
  readonly halfLine: LawProgram;
  readonly exitWith7: LawProgram;
  /** Prints its whole input when the input has ended. */
  readonly readAllInput: LawProgram;
  /** Waits for ever, after it has printed `ready`. */
  readonly forever: LawProgram;
  /** Prints `ready`, then waits for ever; only SIGKILL ends it. */
  readonly ignoreSigterm: LawProgram;
  /** Starts a program that holds its pipes and waits for ever, and exits. */
  readonly grandchildHoldsPipe: LawProgram;
}

/** One implementation of the ports, each time with a place of its own. */
export interface PortHarness extends Place {
  /** Runs the body as the main chain of one process, and settles as it does. */
  run(body: (ports: Ports) => Promise<void>): Promise<void>;
  dispose(): Promise<void>;
}

export interface PortImplementation {
  /** As `real` or `simulated`. */
  readonly name: string;
  readonly makeHarness: () => Promise<PortHarness>;
}

/** Titles of laws that do not hold for an implementation. Such a law is checked too: it must fail as stated. */
export type Differences = Readonly<Record<string, Difference>>;

export interface Difference {
  readonly reason: string;
  readonly failsWith: RegExp;
}

/** Registers a test for each law. */
export function describePortLaws(
  port: string,
  laws: readonly PortLaw[],
  { name, makeHarness }: PortImplementation,
  differences: Differences,
): void {
  const check = async (law: PortLaw): Promise<void> => {
    const harness = await makeHarness();
    try {
      await harness.run((ports) => law.check(ports, harness));
    } finally {
      await harness.dispose();
    }
  };
  describe(`${name} ${port} port`, () => {
    for (const law of laws) {
      const difference = differences[law.title];
      test(`${law.title}${difference === undefined ? "" : ` (differs: ${difference.reason})`}`, () =>
        difference === undefined ? check(law) : expect(check(law)).rejects.toThrow(difference.failsWith));
    }

    test("each difference belongs to a law", () => {
      const titles = laws.map(({ title }) => title);
      expect(titles).toEqual(expect.arrayContaining(Object.keys(differences)));
      expect(new Set(titles).size).toBe(titles.length);
    });
  });
}
