import * as fc from "fast-check";
import { expect, test } from "vitest";
import { git } from "../../fakes/cli/git/git.ts";
import { Body } from "../../src/base/body.ts";
import { isJsonObject } from "../../src/base/json.ts";
import { defineScenario } from "../../src/define/scenario.ts";
import { kanboard, llm, serveAt, type ServiceDefinition } from "../../src/define/services.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Service } from "../../src/ports/service.ts";
import { runCase } from "../../src/sim/run-case.ts";

test("a model answers from its script, which may depend on the workload", async () => {
  const services = ({ answer }: { readonly answer: string }): ServiceDefinition[] => [
    llm(({ prompt }) => ({ content: `${answer} to ${prompt}` })),
  ];
  expect(
    await notesOf({ services, workload: { answer: "Yes" }, main: (ports) => ask(ports, "http://model.test") }),
  ).toEqual([{ name: "answered", fields: { content: "Yes to Ready?" } }]);
});

test("programs are on PATH, and a fake of one's own begins anew with each run", async () => {
  const services = [serveAt("http://count.test", () => new Counter())];
  const main = async (ports: Ports): Promise<void> => {
    const started = await ports.subprocess.spawn({ command: "git", args: ["--version"], cwd: "/" });
    ports.log.event("started", { ok: started.kind === "ok" });
    const answer = await ports.http.request({ method: "GET", url: "http://count.test/", timeoutMs: 1_000 });
    ports.log.event("counted", { body: answer.kind === "ok" ? answer.value.body.text() : answer.error.code });
  };
  const expected = [
    { name: "started", fields: { ok: true } },
    { name: "counted", fields: { body: "1" } },
  ];
  const scenario = { services, programs: [git()], main, workload: {} };
  expect(await notesOf(scenario)).toEqual(expected);
  expect(await notesOf(scenario)).toEqual(expected);
});

test("a board is set up as its calls say, with fields that cards must have", async () => {
  const board = kanboard({
    origin: "http://tickets.test",
    apiToken: "secret",
    project: "Shop",
    mandatoryFields: true,
    setUp: (call) => void call("createTag", [1, "urgent"]),
  });
  const main = async (ports: Ports): Promise<void> => {
    for (const [method, params] of [
      ["getProjectById", { project_id: 1 }],
      ["getTagsByProject", { project_id: 1 }],
      ["createTask", { title: "Card", project_id: 1 }],
    ] as const) {
      const answer = await ports.http.request({
        name: method,
        method: "POST",
        url: "http://tickets.test/jsonrpc.php",
        headers: { authorization: `Basic ${Buffer.from("jsonrpc:secret").toString("base64")}` },
        body: Body.ofJson({ jsonrpc: "2.0", id: 1, method, params }),
        timeoutMs: 1_000,
      });
      const reply = answer.kind === "ok" ? answer.value.body.json() : undefined;
      ports.log.event(method, { result: isJsonObject(reply) ? (reply["result"] ?? null) : null });
    }
  };
  const notes = await notesOf({ services: [board], main, workload: {} });
  expect(notes).toMatchObject([
    { fields: { result: { name: "Shop" } } },
    { fields: { result: [{ name: "urgent" }] } },
    { fields: { result: false } },
  ]);
});

test("what furnishes the world acts in it at its time", async () => {
  const scenario = defineScenario({
    name: "furnished",
    workload: fc.constant({}),
    system: { waiter: async (ports) => void (await ports.clock.sleep(60_000)) },
    furnish: (world) => world.later("closing time", 5_000_000, () => world.kernel.stop("closed")),
    invariants: [],
  });
  const { end, stats } = await runCase(scenario, caseOf({}));
  expect(end).toEqual({ kind: "stopped", reason: "closed" });
  expect(stats.virtualMs).toBe(5_000);
});

interface Noted<Workload> {
  readonly services: readonly ServiceDefinition[] | ((workload: Workload) => readonly ServiceDefinition[]);
  readonly programs?: readonly ReturnType<typeof git>[];
  readonly main: (ports: Ports) => Promise<void>;
  readonly workload: Workload;
}

/** What the only process logged. */
async function notesOf<Workload extends Record<string, string>>(
  options: Noted<Workload>,
): Promise<{ readonly name: string; readonly fields: object }[]> {
  const { services, programs = [], main, workload } = options;
  const scenario = defineScenario({
    name: "noted",
    workload: fc.constant(workload),
    services,
    programs,
    system: { worker: main },
    invariants: [],
  });
  const { history } = await runCase(scenario, caseOf(workload));
  return history.events.flatMap((event) => (event.kind === "note" ? [{ name: event.name, fields: event.fields }] : []));
}

function caseOf(workload: Record<string, string>) {
  return { scenario: "noted", drawSeed: 1, workload, faults: [], preemptions: [], delays: [] };
}

async function ask(ports: Ports, origin: string): Promise<void> {
  const answer = await ports.http.request({
    method: "POST",
    url: `${origin}/v1/chat/completions`,
    body: Body.ofJson({ model: "planner", messages: [{ role: "user", content: "Ready?" }] }),
    timeoutMs: 60_000,
  });
  const body = answer.kind === "ok" ? (answer.value.body.json() as unknown as Completion) : undefined;
  ports.log.event("answered", { content: body?.choices[0].message.content ?? "" });
}

interface Completion {
  readonly choices: readonly [{ readonly message: { readonly content: string } }];
}

/** Answers how often it was asked. */
class Counter implements Service {
  readonly name = "counter";
  readonly workersMax = 1;
  private asked = 0;

  *serve(): ReturnType<Service["serve"]> {
    yield { kind: "statement", touches: [{ id: "counter", rw: "w" }], costUs: 10 };
    this.asked++;
    return { status: 200, body: Body.ofText(String(this.asked)) };
  }
}
