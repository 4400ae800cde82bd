import { fileURLToPath } from "node:url";
import { readSystemConfig } from "../../src/cli/system/system-config.ts";
import { systemEnvironment, systemScenario } from "../../src/cli/system/system-scenario.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { scriptOf } from "../../src/fakes.ts";
import { defineScenario, fc, kanboard, llm, type Scenario } from "../../src/index.ts";
import { UnmodifiedSystem } from "../../src/inprocess/in-process.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Findings } from "../proof/evidence.ts";
import { BareLoop } from "./in-process/bare-loop.ts";
import { pollMs, polls } from "./in-process/peer.ts";
import { cpuMsOfOneMoreTest } from "./in-process/vitest-peer.ts";
import { percentile, rounded } from "./runs.ts";

const timesBudget = 100;
const ownRuns = 2_000;
const bareRuns = 100;
const testsOfPeer = 100;
const poller = fileURLToPath(new URL("in-process/poller.ts", import.meta.url));
const orchestrator = fileURLToPath(new URL("../../examples/in-process/orchestrator.ts", import.meta.url));

/**
 * The orchestrator of examples/in-process, unmodified: whether each run comes out the same twice, under any schedule and faults; and
 * what a minute of its poller costs, in process and under vitest with msw and fake timers. Machines differ from minute to
 * minute, so ours is measured anew before each of the others.
 */
export async function measureInProcess(doubleRuns: number): Promise<Findings> {
  const { mismatches, faults } = await runTwice(systemScenario(readSystemConfig(orchestrator)), doubleRuns);
  const scenario = pollerScenario();
  const ownCpuMs: number[] = [];
  const peers: { readonly title: string; readonly cpuMs: number }[] = [];
  for (const { title, measure } of peersMeasured) {
    ownCpuMs.push(await cpuMsOfEach(ownRuns, () => runPoller(scenario)));
    peers.push({ title, cpuMs: await measure() });
  }
  const cpuMs = percentile(
    ownCpuMs.toSorted((a, b) => a - b),
    50,
  );
  const times = peers.find(({ title }) => title === equalPeer)!.cpuMs / cpuMs;
  return {
    facts: {
      doubleRuns,
      mismatches,
      faultsThatStruck: faults,
      requestsOfARun: requestsOf(await runPoller(scenario)),
      cpuMsOfARun: rounded(cpuMs, 3),
      times: rounded(times, 1),
      timesBudget,
      meetsBudget: times >= timesBudget,
    },
    tables: [
      {
        title: "the same minute of the same poller, with msw and fake timers",
        columns: ["where", "CPU ms", "times ours"],
        rows: peers.map((peer) => [peer.title, rounded(peer.cpuMs, 1), rounded(peer.cpuMs / cpuMs, 1)]),
      },
    ],
    problems: mismatches === 0 ? [] : [`${mismatches} of ${doubleRuns} runs came out otherwise the second time`],
  };
}

/** The one that does what a run of ours does: nothing of a run is left for the next, and its board remembers. */
const equalPeer = "a test of vitest, fresh modules, board and model that remember";

const peersMeasured: readonly { readonly title: string; readonly measure: () => number | Promise<number> }[] = [
  {
    title: "a test of vitest, answers ready",
    measure: () => cpuMsOfOneMoreTest({ fakes: "ready", freshModules: false }, testsOfPeer),
  },
  {
    title: "a test of vitest, fresh modules, answers ready",
    measure: () => cpuMsOfOneMoreTest({ fakes: "ready", freshModules: true }, testsOfPeer),
  },
  {
    title: equalPeer,
    measure: () => cpuMsOfOneMoreTest({ fakes: "stateful", freshModules: true }, testsOfPeer),
  },
  { title: "a loop without vitest, answers ready", measure: measureBareLoop },
];

async function measureBareLoop(): Promise<number> {
  await using loop = new BareLoop();
  return await cpuMsOfEach(bareRuns, () => loop.run());
}

async function runTwice(scenario: Scenario, runs: number): Promise<{ mismatches: number; faults: number }> {
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  let mismatches = 0;
  let faults = 0;
  for (let seed = 1; seed <= runs; seed++) {
    await inMacrotask(() => {
      const plan = explorer.plan(seed);
      const found = runCaseNow(scenario, plan.case, plan.exploration);
      const realised = found.realised();
      faults += realised.faults.length;
      if (runCaseNow(scenario, realised).history.hash() !== found.history.hash()) mismatches++;
    });
  }
  return { mismatches, faults };
}

function pollerScenario(): Scenario {
  const main = new UnmodifiedSystem(poller).main(poller, { env: systemEnvironment });
  return defineScenario({
    name: "poller",
    workload: fc.constant({}),
    services: [
      kanboard({ columns: ["Ready"], cards: [{ title: "Card 1" }] }),
      llm(scriptOf([{ answer: { content: "first this" } }])),
    ],
    files: { "/app/": "" },
    system: { poller: { main, daemon: true } },
    drive: async (ports) => void (await ports.clock.sleep(polls * pollMs + pollMs / 2)),
    invariants: [],
  });
}

function runPoller(scenario: Scenario): Promise<ReturnType<typeof runCaseNow>> {
  const input = { scenario: "poller", drawSeed: 1, workload: {}, faults: [], preemptions: [], delays: [] };
  return inMacrotask(() => runCaseNow(scenario, input));
}

function requestsOf({ history }: ReturnType<typeof runCaseNow>): number {
  return history.events.filter(
    (event) => event.kind === "sent" && event.op.process === "poller" && /^(?:rpc|http)\./.test(event.op.name),
  ).length;
}

/** After a tenth of them to warm up. */
async function cpuMsOfEach(runs: number, body: () => Promise<unknown>): Promise<number> {
  for (let run = 0; run < runs / 10; run++) await body();
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / runs;
}
