import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Repro } from "../../src/cli/repro-file.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { readSimTest } from "../../src/vitest/read-sim-test.ts";
import type { SimTestOptions } from "../../src/vitest/sim-test-options.ts";
import { simTest } from "../../src/vitest/sim-test.ts";
import { simulate, type Simulated } from "../../src/vitest/simulation.ts";
import { keptFolder, testCommand, type TestPlace } from "../../src/vitest/test-place.ts";
import { toy } from "../campaign/toy-scenarios.ts";
import { temporaryFolder } from "./run-suite.ts";

const racy = toy("counter-racy");

/** A suite somewhere, and what its one test keeps. */
class Suite {
  readonly root = temporaryFolder();
  readonly place: TestPlace = {
    root: this.root,
    file: join(this.root, "test/counter.test.ts"),
    names: ["loses no update"],
    project: undefined,
  };
  readonly folder = keptFolder(this.place, ".stormlane/failures");

  async run(
    scenario: Scenario,
    options: SimTestOptions = {},
    signal = new AbortController().signal,
  ): Promise<Simulated> {
    const settings = await readSimTest({ scenario, ...options }, {});
    return simulate({ settings, place: this.place, cwd: this.root, signal });
  }

  get kept(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).toSorted() : [];
  }

  read(name: string): Repro {
    return JSON.parse(readFileSync(join(this.folder, name), "utf8")) as Repro;
  }
}

function linesOf(simulated: Simulated): string {
  return simulated.kind === "failed" ? simulated.lines.join("\n") : simulated.kind;
}

describe("a failure", () => {
  test("is kept before anything is tried to make it smaller", async () => {
    const suite = new Suite();
    let keptThen: string[] = [];
    const watched: Scenario = {
      ...racy,
      workloads: {
        ...racy.workloads,
        shrink: async () => {
          keptThen = suite.kept;
        },
      },
    };
    await suite.run(watched);
    expect(keptThen).toHaveLength(1);
    expect(suite.kept).toEqual(keptThen);
  });

  test("of another kind than before is kept beside what was kept before, and told so", async () => {
    const suite = new Suite();
    await suite.run(racy);
    const [name] = suite.kept as [string];
    const before = suite.read(name);
    const other = { ...before, expected: { ...before.expected, signature: "C9: elsewhere" } };
    writeFileSync(join(suite.folder, name), JSON.stringify(other));
    const told = linesOf(await suite.run(racy));
    expect(told).toContain(`  before, ${name} failed in another way: C9: elsewhere`);
    expect(suite.kept).toHaveLength(2);
    expect(suite.read(name)).toEqual(other);
    const [beside] = suite.kept.filter((each) => each !== name) as [string];
    expect(suite.read(beside).expected).toEqual(before.expected);
    // What was kept beside it is what failed last: it comes first, and nothing new is kept.
    expect(linesOf(await suite.run(racy))).toContain(`${beside}, which failed so before`);
    expect(suite.kept).toHaveLength(2);
  });

  test("is found by the second strategy when the first one cannot", async () => {
    const told = linesOf(
      await new Suite().run(racy, { strategies: ["first-due", "random"], faults: false, seeds: 80 }),
    );
    expect(told).toMatch(/^FAILED {2}counter-racy, seed \d+, random: C1: counter$/m);
  });
});

describe("a search", () => {
  const locked = toy("counter-locked");

  test("ends when its budget is spent, however many seeds there are", async () => {
    const simulated = await new Suite().run(locked, { timeBudgetMs: 50 });
    expect(simulated).toEqual({ kind: "held", runs: expect.any(Number) });
  });

  test("runs every seed there is when nobody stops it", async () => {
    expect(await new Suite().run(locked, { seeds: 37 })).toEqual({ kind: "held", runs: 37 });
    expect(await new Suite().run(locked, { seeds: 37, strategies: ["pct", "pos"] })).toEqual({
      kind: "held",
      runs: 37,
    });
  });

  test("stops without a word when nobody waits for it any more", async () => {
    const gone = AbortSignal.abort();
    expect(await new Suite().run(racy, {}, gone)).toEqual({ kind: "stopped" });
  });
});

test.each([undefined, 5, null])("a test of %s for a scenario is refused where it is defined", (scenario) => {
  expect(() => simTest(scenario as never)).toThrow("simTest: scenario: is none: it is");
});

describe("where a test stands", () => {
  const place: TestPlace = {
    root: "/home/ann/shop",
    file: "/home/ann/shop/test/a.test.ts",
    names: ["claims", "hold (all)"],
    project: undefined,
  };

  test.each<[string, Partial<TestPlace>, string, string]>([
    ["from its root", {}, "/home/ann/shop", "npx vitest run test/a.test.ts -t '^claims > hold \\(all\\)$'"],
    ["from above", {}, "/home/ann", "npx vitest run --root shop test/a.test.ts -t '^claims > hold \\(all\\)$'"],
    [
      "in a project",
      { project: "unit" },
      "/home/ann/shop",
      "npx vitest run --project unit test/a.test.ts -t '^claims > hold \\(all\\)$'",
    ],
    ["with a quote", { names: ["it's so"] }, "/home/ann/shop", "npx vitest run test/a.test.ts -t '^it'\\''s so$'"],
  ])("is told as a command that runs it alone: %s", (_, other, cwd, command) => {
    expect(testCommand({ ...place, ...other }, cwd)).toBe(command);
  });

  test("names its folder; where letters alone do not tell names apart, a digest does", () => {
    const folderOf = (...names: string[]): string => keptFolder({ ...place, names }, "kept");
    expect(folderOf("claims", "hold")).toBe("/home/ann/shop/kept/test-a/claims-hold");
    expect(folderOf("hold (all)")).not.toBe(folderOf("hold [all]"));
    expect(folderOf("зависает")).not.toBe(folderOf("держится"));
    expect(folderOf("../../../etc/passwd")).toBe("/home/ann/shop/kept/test-a/etc-passwd");
    expect(folderOf("x".repeat(500)).length).toBeLessThan(120);
    expect(folderOf("x".repeat(500))).not.toBe(folderOf("x".repeat(501)));
    expect(keptFolder(place, "/var/kept")).toMatch(/^\/var\/kept\/test-a\//);
  });
});
