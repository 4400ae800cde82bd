import { fileURLToPath } from "node:url";
import { install } from "@sinonjs/fake-timers";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { readSystemConfig } from "../../src/cli/system/system-config.ts";
import { systemEnvironment, systemScenario } from "../../src/cli/system/system-scenario.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { scriptOf } from "../../src/fakes.ts";
import { defineScenario, fc, kanboard, llm, type Scenario } from "../../src/index.ts";
import { UnmodifiedSystem } from "../../src/inprocess/in-process.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Findings } from "../proof/evidence.ts";
import { rounded } from "./runs.ts";

const timesBudget = 100;
const pollMs = 5_000;
const polls = 12;
const runsMeasured = 300;
const peerRunsMeasured = 40;
const poller = fileURLToPath(new URL("in-process/poller.ts", import.meta.url));
const orchestrator = fileURLToPath(new URL("../../examples/in-process/orchestrator.ts", import.meta.url));

/**
 * The orchestrator of examples/in-process, unmodified: whether each run comes out the same twice, under any schedule and faults; and
 * what a minute of its poller costs, in process and in the body of a test with msw and fake timers. Vitest itself is left
 * out in the peer's favour, and so are a board and a model: its handlers have their answers ready.
 */
export async function measureInProcess(doubleRuns: number): Promise<Findings> {
  const { mismatches, faults } = await runTwice(systemScenario(readSystemConfig(orchestrator)), doubleRuns);
  const scenario = pollerScenario();
  const cpuMs = await cpuMsOfEach(runsMeasured, () => runPoller(scenario));
  const peerCpuMs = await measurePeer();
  const times = peerCpuMs / cpuMs;
  return {
    facts: {
      doubleRuns,
      mismatches,
      faultsThatStruck: faults,
      requestsOfARun: requestsOf(await runPoller(scenario)),
      cpuMsOfARun: rounded(cpuMs, 3),
      cpuMsOfARunWithMswAndFakeTimers: rounded(peerCpuMs, 3),
      times: rounded(times, 1),
      timesBudget,
      meetsBudget: times >= timesBudget,
    },
    problems: mismatches === 0 ? [] : [`${mismatches} of ${doubleRuns} runs came out otherwise the second time`],
  };
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

/** The same module, its timers moved by hand and its requests taken by handlers, again and again. */
async function measurePeer(): Promise<number> {
  Object.assign(process.env, systemEnvironment);
  let comments: { comment: string }[] = [];
  const answers: Readonly<Record<string, (params: { content: string }) => unknown>> = {
    getColumns: () => [{ id: 1, title: "Ready" }],
    getAllTasks: () => [{ id: 1, title: "Card 1", column_id: 1 }],
    getAllComments: () => comments,
    createComment: ({ content }) => comments.push({ comment: content }),
  };
  const server = setupServer(
    http.post(systemEnvironment["KANBOARD_URL"]!, async ({ request }) => {
      const { method, params } = (await request.json()) as { method: string; params: { content: string } };
      return HttpResponse.json({ jsonrpc: "2.0", id: 1, result: answers[method]!(params) as never });
    }),
    http.post(`${systemEnvironment["OPENAI_BASE_URL"]}/chat/completions`, () =>
      HttpResponse.json({ choices: [{ message: { content: "first this" } }] }),
    ),
  );
  server.listen({ onUnhandledFrame: "error" });
  const { workReadyCards } = await import("../../examples/in-process/orchestrator.ts");
  const { planCard } = await import("../../examples/in-process/plan-card.ts");
  try {
    return await cpuMsOfEach(peerRunsMeasured, async () => {
      comments = [];
      const clock = install({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
      let work = Promise.resolve();
      setInterval(() => {
        work = workReadyCards(planCard);
      }, pollMs);
      for (let poll = 0; poll < polls; poll++) {
        await clock.tickAsync(pollMs);
        await work;
      }
      clock.uninstall();
    });
  } finally {
    server.close();
  }
}

/** After a tenth of them to warm up. */
async function cpuMsOfEach(runs: number, body: () => Promise<unknown>): Promise<number> {
  for (let run = 0; run < runs / 10; run++) await body();
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / runs;
}
