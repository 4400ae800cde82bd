import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { timedBench, type BenchModule } from "../../../src/bench/bench-module.ts";
import { builtInCatalogueUrl, loadCatalogue } from "../../../src/cli/catalogue.ts";
import { readRepro, type Repro } from "../../../src/cli/repro-file.ts";
import { attemptOf } from "../../../src/shrink/attempt.ts";
import { shrinkCase } from "../../../src/shrink/shrink-case.ts";
import { signatureOf, type Outcome } from "../../../src/sim/outcome.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";
import { runCase } from "../../../src/sim/run-case.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const reproFile = "reports/corpus/partial-spawn-F22.json";

async function keptCase(): Promise<{ readonly repro: Repro; readonly scenario: Scenario }> {
  const repro = readRepro(`${root}${reproFile}`, reproFile);
  const catalogue = await loadCatalogue(builtInCatalogueUrl);
  return { repro, scenario: catalogue.scenarioWith(repro.case.scenario, { mutant: repro.mutant! }) };
}

/** What somebody waits for who has a failure in hand. */
export const replays: readonly BenchModule[] = [
  timedBench({
    name: "replay, cold",
    about: "stormlane replay of a kept counterexample, in a process of its own",
    operations: 1,
    setUp: () => undefined,
    body: () => {
      const args = ["--no-warnings", "src/cli/bin.ts", "replay", reproFile, "--json"];
      return spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    },
    isDone: (ended) => {
      const { status, stdout } = ended as { readonly status: number | null; readonly stdout: string };
      return status === 1 && (JSON.parse(stdout) as { readonly result: string }).result === "same-failure";
    },
  }),
  timedBench({
    name: "replay, warm",
    about: "the same counterexample replayed once more, in this process",
    operations: 1,
    setUp: keptCase,
    body: ({ repro, scenario }) => runCase(scenario, repro.case),
    isDone: (outcome, { repro }) => signatureOf((outcome as Outcome).verdict) === repro.expected.signature,
  }),
  timedBench({
    name: "shrink",
    about: "a kept counterexample, shrunk once more: all that can be tried is",
    operations: 1,
    setUp: keptCase,
    body: ({ repro, scenario }) =>
      shrinkCase(repro.case, {
        signature: repro.expected.signature,
        executionsMax: 1_000,
        accepts: (workload) => scenario.workloads.refuse(workload) === undefined,
        attempt: async (candidate) => {
          const outcome = await runCase(scenario, candidate);
          return attemptOf(candidate, outcome, signatureOf(outcome.verdict));
        },
      }),
    isDone: (shrunk) => {
      const { replays: isSame, minimal } = shrunk as { readonly replays: boolean; readonly minimal: boolean };
      return isSame && minimal;
    },
  }),
];
