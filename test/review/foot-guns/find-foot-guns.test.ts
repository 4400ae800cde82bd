import { beforeAll, describe, expect, test } from "vitest";
import { builtInScenarios, scenarioWith } from "../../../scenarios/index.ts";
import { Explorer } from "../../../src/explore/explorer.ts";
import { Body } from "../../../src/base/body.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { findFootGuns } from "../../../src/review/foot-guns/find-foot-guns.ts";
import type { FootGun, FootGunKind, RecordedRun } from "../../../src/review/foot-guns/foot-gun.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";
import { callBoard, readCard, runOf, type SmallSystem } from "./small-system.ts";

interface Planted {
  readonly kind: FootGunKind;
  /** With the habit. */
  readonly careless: SmallSystem;
  /** The same work without it. */
  readonly careful: SmallSystem;
}

const refused = (ports: Ports) =>
  ports.http.request({
    name: "board.call",
    key: "Card 1",
    method: "GET",
    url: "http://board.test/none",
    timeoutMs: 1_000,
  });

async function times(count: number, act: (turn: number) => Promise<unknown>): Promise<void> {
  for (let turn = 1; turn <= count; turn++) await act(turn);
}

/** A server that starts git for each request, or only notes it; people send requests. */
function served(handle: (ports: Ports) => Promise<unknown>): SmallSystem {
  return {
    async worker(ports) {
      await ports.http.listen({ port: 80, bodyBytesMax: 1_000 }, async (_request, own) => {
        await handle(own);
        return { status: 200 };
      });
      await ports.clock.sleep(60_000);
    },
    async people(ports) {
      await ports.clock.sleep(10);
      await times(6, async (turn) => {
        const answer = await ports.http.request({
          name: "hook",
          key: `${turn}`,
          method: "POST",
          url: "http://127.0.0.1:80/hook",
          timeoutMs: 5_000,
        });
        if (answer.kind !== "ok") throw new Error(answer.error.code);
      });
    },
  };
}

async function showVersion(ports: Ports): Promise<void> {
  const started = await ports.subprocess.spawn({ command: "git", args: ["--version"], cwd: "/" });
  if (started.kind === "ok") await started.value.exited;
}

/** Closes a card every ten seconds. */
async function closeCards(ports: Ports): Promise<void> {
  await times(10, async (id) => {
    await ports.clock.sleep(10_000);
    await callBoard(ports, "closeTask", { task_id: id }, `Card ${id}`);
  });
}

/** Looks at the board every ten seconds, at so many cards. */
function poller(cardsAt: (tick: number) => number): SmallSystem {
  return {
    worker: (ports) =>
      times(10, async (tick) => {
        const own = ports.fork(`tick ${tick}`);
        await callBoard(own, "getAllTasks", { project_id: 1 });
        await times(cardsAt(tick), (id) => readCard(own, id));
        await ports.clock.sleep(10_000);
      }),
    people: closeCards,
  };
}

const log = "x".repeat(100_000);

const planted: readonly Planted[] = [
  {
    kind: "unbounded-loop",
    careless: {
      worker: (ports) => times(60, async () => (await refused(ports), await ports.clock.sleep(2_000))),
    },
    careful: { worker: (ports) => times(3, async () => (await refused(ports), await ports.clock.sleep(2_000))) },
  },
  {
    kind: "retry-without-backoff",
    careless: { worker: (ports) => times(6, async () => (await refused(ports), await ports.clock.sleep(1_000))) },
    careful: {
      worker: (ports) => times(6, async (turn) => (await refused(ports), await ports.clock.sleep(500 * 2 ** turn))),
    },
  },
  {
    kind: "process-per-request",
    careless: served(showVersion),
    careful: served(async (ports) => ports.log.event("queued", {})),
  },
  {
    kind: "logging-in-loop",
    careless: { worker: async (ports) => times(40, async (turn) => ports.log.event("looked", { turn })) },
    careful: {
      worker: (ports) =>
        times(40, async (turn) => (ports.log.event("looked", { turn }), await ports.clock.sleep(10_000))),
    },
  },
  { kind: "growing-polls", careless: poller((tick) => tick - 1), careful: poller(() => 2) },
  {
    kind: "reads-one-by-one",
    careless: { worker: (ports) => times(10, (id) => readCard(ports, id)) },
    careful: { worker: async (ports) => void (await callBoard(ports, "getAllTasks", { project_id: 1 })) },
  },
  {
    kind: "re-reading",
    careless: { worker: (ports) => times(9, () => readCard(ports, 1)) },
    careful: {
      worker: (ports) => times(9, async () => (await readCard(ports, 1), await ports.clock.sleep(10_000))),
    },
  },
  {
    kind: "whole-file-reads",
    careless: {
      async worker(ports) {
        await ports.files.makeFolder("/tmp");
        await ports.files.write("/tmp/run.log", log);
        await times(4, async () => (await ports.files.readText("/tmp/run.log"), await ports.clock.sleep(1_000)));
      },
    },
    careful: {
      async worker(ports) {
        await ports.files.makeFolder("/tmp");
        await ports.files.write("/tmp/run.log", "one line\n");
        await times(4, async () => (await ports.files.readText("/tmp/run.log"), await ports.clock.sleep(1_000)));
      },
    },
  },
];

describe.each(planted)("$kind", ({ kind, careless, careful }) => {
  let found: readonly FootGun[];
  let run: RecordedRun;

  beforeAll(async () => {
    run = await runOf(careless);
    found = findFootGuns([run]);
  });

  test("is found where it was planted, with the events that show it and a way out", () => {
    const footGun = found.find((each) => each.kind === kind);
    expect(footGun, JSON.stringify(found)).toBeDefined();
    const [evidence] = footGun!.evidence;
    expect(evidence).toMatchObject({ scenario: "small", seed: 1 });
    expect(evidence!.count).toBeGreaterThan(1);
    expect(evidence!.events.length).toBeGreaterThan(1);
    for (const index of evidence!.events) expect(run.events[index]).toBeDefined();
    expect([...evidence!.events].toSorted((left, right) => left - right)).toEqual(evidence!.events);
    expect(footGun!.worst).toMatch(/\.$/);
    expect(footGun!.leastFix).not.toBe("");
  });

  test("is not seen where the work is done without it", async () => {
    expect(findFootGuns([await runOf(careful)])).toEqual([]);
  });
});

describe("attempts that a system tells of", () => {
  /** The same cause, so often, with so long a pause after each. */
  function attempts(count: number, pauseMs: (attempt: number) => number): SmallSystem {
    return {
      worker: (ports) =>
        times(count, async (attempt) => {
          const own = ports.fork(`card 1 attempt ${attempt}`);
          own.log.event("run.started", { card: "Card 1", cause: "moved", lane: 4 });
          await own.clock.sleep(1_000);
          own.log.event("run.finished", { card: "Card 1", cause: "moved", outcome: "trouble" });
          await ports.clock.sleep(pauseMs(attempt));
        }),
    };
  }

  test("are retries, whose pauses must grow", async () => {
    const found = findFootGuns([await runOf(attempts(6, () => 2_000))]);
    expect(found).toMatchObject([{ kind: "retry-without-backoff", place: "worker Card # lane 4 attempts" }]);
    expect(found[0]!.worst).toBe(
      "The work on Card 1 in lane 4 was begun 6 times, 2.0 s after the first attempt and still 2.0 s after the last but one.",
    );
    expect(findFootGuns([await runOf(attempts(6, (attempt) => 500 * 2 ** attempt))])).toEqual([]);
  });

  test("that died are begun again as soon as somebody is there", async () => {
    const worker = (ports: Ports): Promise<void> =>
      times(6, async () => {
        ports.log.event("run.started", { card: "Card 1", cause: "moved" });
        await ports.clock.sleep(2_000);
      });
    expect(findFootGuns([await runOf({ worker })])).toEqual([]);
  });

  test("are a loop, which must end", async () => {
    const found = findFootGuns([await runOf(attempts(30, (attempt) => attempt * 3_000))]);
    expect(found).toMatchObject([{ kind: "unbounded-loop", evidence: [{ count: 30 }] }]);
  });
});

test("to look once a second whether a file is there is to wait for it", async () => {
  const worker = (ports: Ports): Promise<void> =>
    times(60, async () => (await ports.files.stat("/srv/next"), await ports.clock.sleep(1_000)));
  expect(findFootGuns([await runOf({ worker })])).toEqual([]);
});

const headers = { authorization: `Basic ${Buffer.from("jsonrpc:board-token").toString("base64")}` };

test("to ask as often as ever while it fails is to poll, and no retry", async () => {
  const system = (pauseMs: (turn: number) => number): SmallSystem => ({
    worker: (ports) =>
      times(12, async (turn) => {
        const isAway = turn >= 4 && turn < 10;
        const url = isAway ? "http://board.test/none" : "http://board.test/jsonrpc.php";
        const body = Body.ofJson({ jsonrpc: "2.0", id: 1, method: "getVersion" });
        const request = { name: "board.getVersion", key: "Board", method: "POST", url, headers, body };
        await ports.http.request({ ...request, timeoutMs: 1_000 });
        await ports.clock.sleep(pauseMs(turn));
      }),
  });
  const polling = await runOf(system(() => 5_000));
  expect(polling.events.filter(({ kind }) => kind === "answered").length).toBeGreaterThan(20);
  expect(findFootGuns([polling])).toEqual([]);
  const hasty = await runOf(system((turn) => (turn >= 4 && turn < 10 ? 500 : 5_000)));
  expect(findFootGuns([hasty])).toMatchObject([{ kind: "retry-without-backoff" }]);
});

test("a line of the log for each piece of work is no loop", async () => {
  const worker = (ports: Ports): Promise<void> =>
    times(30, async (turn) => {
      await callBoard(ports, "createTask", { title: `Card ${turn}`, project_id: 1 }, `New ${turn}`);
      ports.log.event("made", { turn });
    });
  expect(findFootGuns([await runOf({ worker })])).toEqual([]);
});

test("a known bug of the core that tries again at once is found, where the core shows nothing", async () => {
  const found = async (scenario: Scenario): Promise<readonly FootGun[]> =>
    inMacrotask(() => {
      const { case: input, exploration } = new Explorer(scenario, "portfolio", runCaseNow).plan(retrySeed);
      const { events } = runCaseNow({ ...scenario, invariants: [] }, input, exploration).history;
      return findFootGuns([{ scenario: scenario.name, seed: retrySeed, events }]);
    });
  expect(await found(scenarioWith("provider-outage", {}))).toEqual([]);
  expect(await found(scenarioWith("provider-outage", { mutant: "F65" }))).toMatchObject([
    { kind: "retry-without-backoff" },
  ]);
});

/** At which the provider is away for a while. */
const retrySeed = 4;

describe("foot-guns", () => {
  test("are counted over runs, the worst first, three at most, in an order that does not depend on the runs'", async () => {
    const few = await runOf(planted[1]!.careless);
    const more = await runOf({
      worker: (ports) => times(9, async () => (await refused(ports), await ports.clock.sleep(1_000))),
    });
    const runs = [few, { ...more, seed: 2 }, { ...few, seed: 3 }, { ...few, seed: 4 }];
    const [footGun, ...others] = findFootGuns(runs);
    expect(others).toEqual([]);
    expect(footGun).toMatchObject({ kind: "retry-without-backoff", runs: 4 });
    expect(footGun!.evidence.map(({ seed, count }) => [seed, count])).toEqual([
      [2, 9],
      [1, 6],
      [3, 6],
    ]);
    expect(footGun!.worst).toContain("9 times");
    const again = findFootGuns(runs.toReversed());
    expect(again.map(({ kind, place, runs: count, worst }) => [kind, place, count, worst])).toEqual([
      [footGun!.kind, footGun!.place, footGun!.runs, footGun!.worst],
    ]);
  });

  test("of the orchestrator core are the one that is explained, and no other", async () => {
    const runs: RecordedRun[] = [];
    for (const scenario of builtInScenarios) {
      const explorer = new Explorer(scenario, "portfolio", runCaseNow);
      const { history } = await inMacrotask(() => {
        const plan = explorer.plan(12);
        return runCaseNow(scenario, plan.case, plan.exploration);
      });
      runs.push({ scenario: scenario.name, seed: 12, events: history.events });
    }
    expect(findFootGuns(runs).map(({ kind, place }) => `${kind}: ${place}`)).toEqual([
      "re-reading: poller-a tick # board.getTaskTags",
    ]);
  });
});
