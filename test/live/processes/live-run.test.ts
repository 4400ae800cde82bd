import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { RecordedOrder, type Chooser } from "../../../src/live/chooser.ts";
import type { LiveConfig } from "../../../src/live/live-config.ts";
import { readLiveConfig } from "../../../src/live/live-config.ts";
import { runLive, type LiveOutcome } from "../../../src/live/live-run.ts";
import type { People } from "../../../src/live/people.ts";
import type { PlannedFault } from "../../../src/live/planned-fault.ts";
import { requiresTool } from "../../requires-tool/requires-tool.ts";
import { plannedOnce } from "./planned-once.ts";

const worker = fileURLToPath(new URL("claims.mjs", import.meta.url));
const look = "board.getTaskMetadataByName#0";
const comment = "board.createComment#0";
const save = "board.saveTaskMetadata#0";

/** Longer than any machine takes to start a process: what should come next is waited for. */
const patienceMs = 20_000;

function orderOf(...sites: readonly string[]): Chooser {
  return new RecordedOrder(sites, { patienceMs, nowMs: () => performance.now() });
}

function runWorkers(
  config: Partial<LiveConfig>,
  {
    chooser,
    faults = [],
    workspace,
  }: { readonly chooser: Chooser; readonly faults?: readonly PlannedFault[]; readonly workspace?: string },
): Promise<LiveOutcome> {
  const reading = readLiveConfig({
    processes: { left: workerOf(""), right: workerOf("") },
    invariants: [plannedOnce],
    holdMsMax: 60_000,
    quietMs: 300,
    runMsMax: 60_000,
    people: waitForThePlan,
    ...config,
  });
  if (reading.kind === "wrong") throw new Error(reading.problems.join());
  const cards = [{ title: "Log in", reference: "S1" }];
  return runLive({
    plan: reading.plan,
    scenario: {
      board: { projects: [{ name: "shop", cards }] },
      model: { rules: [{ answers: [{ content: "First look, then plan.", timeToFirstTokenMs: 1 }] }] },
    },
    scenarioFile: null,
    workspace,
    chooser,
    faults,
    seed: 1,
    version: "test",
  });
}

async function waitForThePlan({ call, wait }: People): Promise<void> {
  while ((await call("getTaskMetadataByName", { task_id: 1, name: "planned" })) !== "yes") await wait(50);
}

function workerOf(mode: string): { readonly command: readonly string[] } {
  return { command: [process.execPath, worker, ...(mode === "" ? [] : [mode])] };
}

function livesOf({ events }: LiveOutcome, process: string): readonly string[] {
  return events.flatMap((event) => (event.kind === "process" && event.process === process ? [event.what] : []));
}

const timeout = 120_000;

test("real processes race in the order that is chosen, and a rule sees it", { timeout }, async () => {
  const race = orderOf(`left/${look}`, `right/${look}`, `left/${comment}`, `right/${comment}`);
  const outcome = await runWorkers({}, { chooser: race });
  expect(outcome).toMatchObject({
    verdict: "violated",
    violation: { invariant: "planned-once", place: "card 1", message: "It got plan number 2." },
  });
  expect(outcome.order.slice(0, 4)).toEqual([`left/${look}`, `right/${look}`, `left/${comment}`, `right/${comment}`]);
});

test("in the other order the same processes hold", { timeout }, async () => {
  const oneByOne = orderOf(`right/${look}`, `right/${comment}`, `right/${save}`, `left/${look}`);
  const outcome = await runWorkers({}, { chooser: oneByOne });
  expect(outcome).toMatchObject({ verdict: "held", checked: { "planned-once": 1 } });
});

test("a process that is killed after its effect begins again, and finds what it did", { timeout }, async () => {
  const fault: PlannedFault = { site: `left/${save}`, fault: { kind: "kill", effect: "done" } };
  const outcome = await runWorkers(
    // Until its second life has looked.
    { processes: { left: workerOf("") }, quietMs: 4_000 },
    { chooser: orderOf(), faults: [fault] },
  );
  expect(outcome).toMatchObject({ verdict: "held", struck: [fault], checked: { "planned-once": 1 } });
  expect(livesOf(outcome, "left")).toEqual(["start", "kill", "start", "finish"]);
});

test("one that is killed before its effect has had none, and does its work once more", { timeout }, async () => {
  const fault: PlannedFault = { site: `left/${save}`, fault: { kind: "kill", effect: "none" } };
  const outcome = await runWorkers({ processes: { left: workerOf("") } }, { chooser: orderOf(), faults: [fault] });
  expect(outcome).toMatchObject({ verdict: "violated", violation: { invariant: "planned-once" } });
});

test("an answer that is lost on its way back has had its effect", { timeout }, async () => {
  const fault: PlannedFault = { site: `left/${comment}`, fault: { kind: "answer-reset" } };
  const outcome = await runWorkers({ processes: { left: workerOf("") } }, { chooser: orderOf(), faults: [fault] });
  // The worker crashes on it, is started again, and plans the card a second time.
  expect(livesOf(outcome, "left").slice(0, 3)).toEqual(["start", "crash", "start"]);
  expect(outcome.verdict).toBe("violated");
});

test.each(["body-stalled", "body-cut"] as const)(
  "a process whose model answers with a %s stream asks again",
  { timeout },
  async (kind) => {
    const ask = "left/model.POST /v1/chat/completions";
    const fault: PlannedFault = { site: `${ask}#0`, fault: { kind, afterPieces: 1 } };
    const outcome = await runWorkers(
      { processes: { left: workerOf("asks") } },
      { chooser: orderOf(), faults: [fault] },
    );
    expect(outcome).toMatchObject({ verdict: "held", struck: [fault], checked: { "planned-once": 1 } });
    expect(outcome.order).toContain(`${ask}#1`);
    expect(outcome.events.filter((event) => event.kind === "fault")).toMatchObject([{ fault: kind, effect: "done" }]);
  },
);

describe("on a disk with a quota", () => {
  requiresTool("unshare");
  const disk = { quotaBytes: 1_048_576 };

  test("a process that writes while it is full crashes, and finds room later", { timeout }, async () => {
    const fault: PlannedFault = { site: `left/${look}`, fault: { kind: "disk-full", durationMs: 300 } };
    const outcome = await runWorkers(
      { processes: { left: workerOf("writes") }, disk },
      { chooser: orderOf(), faults: [fault] },
    );
    expect(outcome).toMatchObject({ verdict: "held", struck: [fault], checked: { "planned-once": 1 } });
    const lives = livesOf(outcome, "left");
    expect(lives.slice(0, 3)).toEqual(["start", "crash", "start"]);
    expect(lives.at(-1)).toBe("finish");
    expect(outcome.events.filter((event) => event.kind === "fault")).toMatchObject([{ fault: "disk-full" }]);
  });

  test("a workspace that does not fit is said so, and so is a fault without such a disk", { timeout }, async () => {
    const workspace = mkdtempSync(join(tmpdir(), "stormlane-large-"));
    onTestFinished(() => rmSync(workspace, { recursive: true }));
    writeFileSync(join(workspace, "large"), Buffer.alloc(2 * disk.quotaBytes));
    await expect(runWorkers({ disk }, { chooser: orderOf(), workspace })).rejects.toMatchObject({
      what: "disk.quotaBytes",
      why: "the workspace does not fit into 1048576 bytes",
    });
    const faults: readonly PlannedFault[] = [{ site: `left/${look}`, fault: { kind: "disk-full", durationMs: 300 } }];
    await expect(runWorkers({}, { chooser: orderOf(), faults })).rejects.toMatchObject({ name: "Unavailable" });
  });
});

describe("with a clock of its own", () => {
  requiresTool("faketime");

  test("a process and the board go equally fast", { timeout }, async () => {
    const outcome = await runWorkers(
      { processes: { left: workerOf("sleeps") }, clock: { speed: 100 } },
      { chooser: orderOf() },
    );
    expect(outcome).toMatchObject({ verdict: "held", checked: { "planned-once": 1 } });
    const plannedAtMs = outcome.events.find((event) => event.kind === "change")!.atUs / 1_000;
    expect(plannedAtMs).toBeGreaterThan(20_000);
    expect(outcome.wallMs).toBeLessThan(plannedAtMs);
  });
});

test("an installed program waits for leave to start, as something that its process does", { timeout }, async () => {
  const outcome = await runWorkers(
    { processes: { left: workerOf("program") }, programs: ["git"] },
    { chooser: orderOf(`left/${look}`, "left/start.git#0", `left/${comment}`) },
  );
  expect(outcome.verdict).toBe("held");
  expect(outcome.order).toContain("left/start.git#0");
});

test("nothing of a run is left: neither processes that are deaf to SIGTERM, nor folders", { timeout }, async () => {
  const who = `deaf-worker-of-${process.pid}`;
  let workspace = "";
  const outcome = await runWorkers(
    {
      processes: { deaf: { ...workerOf("deaf"), env: { WHO: who } } },
      people: async ({ call }) => {
        await call("getVersion");
        const processes = execFileSync("ps", ["axeww", "-o", "args"], { encoding: "utf8" });
        workspace = processes.split("\n").find((line) => line.includes(`WHO=${who}`)) ?? "";
      },
    },
    { chooser: orderOf() },
  );
  expect(outcome.verdict).toBe("held");
  const folder = /STORMLANE_WORKSPACE=(\S+)/.exec(workspace)?.[1] ?? "";
  expect(folder).toContain("stormlane-live-");
  expect(existsSync(folder)).toBe(false);
  expect(execFileSync("ps", ["axeww", "-o", "args"], { encoding: "utf8" })).not.toContain(folder);
});

test("what is left of a run that is killed itself is swept up", { timeout }, async () => {
  const who = `deaf-worker-left-by-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "stormlane-killed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const script = fileURLToPath(new URL("killed.ts", import.meta.url));
  const env = { ...process.env, TMPDIR: folder };
  const { signal } = spawnSync(process.execPath, [script, who], { env });
  expect(signal).toBe("SIGKILL");
  const isLeft = (): boolean =>
    readdirSync(folder).length > 0 || execFileSync("ps", ["axeww"], { encoding: "utf8" }).includes(`WHO=${who}`);
  while (isLeft()) await new Promise((resolve) => void setTimeout(resolve, 20));
});

test.each([
  [
    { command: ["stormlane-has-no-such-program"] },
    /^processes\.left: stormlane-has-no-such-program cannot be started: there is no such program/,
  ],
  [{ command: [tmpdir()] }, /^processes\.left: \S+ cannot be started: it may not be executed/],
  [
    workerOf("dies"),
    /^processes\.left: ended with exit code 3 before it asked for anything, 3 times\nthere is no such setting: PLAN$/,
  ],
])("a process that cannot work makes its run unfit, and says why: %j", { timeout }, async (broken, why) => {
  const outcome = await runWorkers({ processes: { left: broken } }, { chooser: orderOf() });
  expect(outcome.verdict).toBe("unfit");
  expect(`${outcome.unfitness?.why}\n${outcome.unfitness?.words}`.trimEnd()).toMatch(why);
});

test(
  "one that ends well before it asks for anything is named when the run does not come to its end",
  { timeout },
  async () => {
    const outcome = await runWorkers(
      { processes: { left: { command: ["true"] } }, runMsMax: 500 },
      { chooser: orderOf() },
    );
    expect(outcome).toMatchObject({
      verdict: "unfit",
      unfitness: {
        why: "processes.left: ended with exit code 0 before it asked for anything, and the run was not over after 500 ms",
      },
    });
  },
);

test("people who fail are no process that fails", { timeout }, async () => {
  const people = (): Promise<void> => Promise.reject(new Error("nobody is in today"));
  const outcome = await runWorkers({ people }, { chooser: orderOf() });
  expect(outcome.unfitness).toMatchObject({
    why: "people: nobody is in today",
    fix: expect.stringContaining("people"),
  });
});

test("a receiver of webhooks that listens nowhere is named", { timeout }, async () => {
  const outcome = await runWorkers(
    { processes: { left: workerOf("deaf") }, webhook: { process: "left" }, runMsMax: 1_000 },
    { chooser: orderOf() },
  );
  expect(outcome.unfitness?.why).toContain("processes.left does not listen on WEBHOOK_PORT");
});
