import { describe, test } from "vitest";
import type { Ports } from "../../src/ports/ports.ts";
import type { Program } from "../../src/ports/program.ts";
import type { ChildProcess } from "../../src/ports/subprocess.ts";
import { clockLaws } from "../laws/port-laws/clock-laws.ts";
import { valueOf } from "../laws/port-laws/expect-result.ts";
import { filesLaws } from "../laws/port-laws/files-laws.ts";
import { httpLaws } from "../laws/port-laws/http-laws.ts";
import { lawPrograms } from "../laws/port-laws/law-programs.ts";
import type { LawPrograms, PortHarness, PortImplementation } from "../laws/port-laws/port-law.ts";
import { programLaws } from "../laws/port-laws/program-laws.ts";
import { subprocessLaws } from "../laws/port-laws/subprocess-laws.ts";
import { runWorld } from "./world-run.ts";

const root = "/srv/laws";

/** A world of one host and one process. */
const simulated: PortImplementation = {
  name: "simulated",
  makeHarness: async (): Promise<PortHarness> => ({
    root,
    programs: commands,
    run: runInWorld,
    dispose: async () => {},
  }),
};

async function runInWorld(body: (ports: Ports) => Promise<void>): Promise<void> {
  let outcome: { readonly kind: "held" } | { readonly kind: "failed"; readonly error: unknown } | undefined;
  const { end } = await runWorld((world) => {
    world.host("server", { image: { folders: [root], files: {} }, programs });
    world.process("subject", async (ports) => {
      try {
        await body(ports);
        outcome = { kind: "held" };
      } catch (error) {
        outcome = { kind: "failed", error };
      }
    });
  });
  if (outcome?.kind === "failed") throw outcome.error;
  if (outcome === undefined || end.kind !== "quiescent") throw new Error(`the run ended early: ${JSON.stringify(end)}`);
}

const programs: readonly Program[] = [...Object.values(lawPrograms), ...programLaws.map(({ program }) => program)];

const commands = Object.fromEntries(
  Object.entries(lawPrograms).map(([key, { name }]) => [key, { command: name, args: [] }]),
) as unknown as LawPrograms;

clockLaws(simulated);
filesLaws(simulated);
httpLaws(simulated);
subprocessLaws(simulated);

describe("a program on a simulated host keeps the laws of programs", () => {
  test.each(programLaws)("$title", (law) =>
    runInWorld(async (ports) => {
      const start = async (args: readonly string[] = []): Promise<ChildProcess> =>
        valueOf(await ports.subprocess.spawn({ command: law.program.name, args, cwd: root }));
      await law.check(start, ports, root);
    }),
  );
});
