import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startServing, type Serving } from "../../src/serving/serving.ts";
import type { ScenarioFile } from "../../src/serving/scenario-file.ts";

const scenario: ScenarioFile = {
  board: { projects: [{ name: "shop", columns: ["To do", "Done"], cards: [{ title: "a card", reference: "S1" }] }] },
  model: { rules: [{ answer: { content: "from the scenario" } }] },
  faults: [{ service: "board", match: { procedure: "getVersion" }, fault: { kind: "service-fault", name: "refused" } }],
};

let serving: Serving;

beforeAll(async () => {
  serving = await startServing({ ports: { board: 0, model: 0, control: 0 }, scenario, seed: 41, scenarioName: "shop" });
});
afterAll(() => serving.close());
beforeEach(async () => {
  await post("/reset", { state: "scenario" });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function control(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${serving.ports.control}${path}`, init);
  return { status: response.status, body: await response.json() };
}

function post(path: string, body: unknown): Promise<Answer> {
  return control(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
}

async function rpc(method: string, params: unknown = [], auth = "jsonrpc:stormlane"): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${serving.ports.board}/jsonrpc.php`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(auth)}` },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { readonly result: unknown }).result;
}

async function ask(content: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${serving.ports.model}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "any", messages: [{ role: "user", content }] }),
  });
  return { status: response.status, body: await response.json() };
}

describe("reset", () => {
  test("goes back to the scenario, its script and its faults", async () => {
    await rpc("removeTask", [1]);
    await rpc("getVersion");
    await post("/script", { rules: [{ answer: { content: "another" } }] });
    await post("/reset", { state: "scenario" });
    expect(await rpc("getTask", [1])).toMatchObject({ title: "a card" });
    expect(await rpc("getVersion")).toBe(false);
    await post("/clock", { speed: 0 });
    expect(JSON.stringify((await ask("hello")).body)).toContain("from the scenario");
  });

  test("goes to a fresh installation with settings of its own, and without faults", async () => {
    expect(await post("/reset", { board: { apiToken: "other" } })).toEqual({ status: 200, body: { ok: true } });
    expect(await rpc("getAllProjects", [], "jsonrpc:other")).toEqual([]);
    expect(await rpc("getVersion", [], "jsonrpc:other")).toBe("1.2.53");
    expect(await rpc("getAllProjects")).toBeUndefined();
  });

  test.each([
    [true, "task.create"],
    [false, "none"],
  ])("sends webhooks to this machine when private networks are allowed: %s", async (privateNetworks, sent) => {
    const webhook = { url: "http://127.0.0.1:9/hook", token: "t" };
    await post("/reset", { state: "scenario", board: { webhook, privateNetworks } });
    const before = serving.fakes.journal.length;
    await rpc("createTask", { title: "a card", project_id: 1 });
    const lines = serving.fakes.journal.since(before)!.slice(1);
    const own = lines.map((line) => JSON.parse(line) as { op?: { process: string; name: string } });
    const hook = own.find(({ op }) => op?.process === "board");
    expect(hook?.op?.name ?? "none").toContain(sent);
  });

  test("refuses what the board would refuse, and changes nothing", async () => {
    const board = { projects: [{ name: "p", cards: [{ title: "t", column: "nowhere" }] }] };
    expect(await post("/reset", { board })).toMatchObject({
      status: 400,
      body: { error: { what: "board: project p: card t", why: expect.stringContaining("nowhere") as string } },
    });
    expect(await rpc("getTask", [1])).toMatchObject({ title: "a card" });
  });
});

describe("the clock", () => {
  test("shows what it is set to, to the fakes too, and runs on", async () => {
    const nowMs = Date.UTC(2030, 0, 1);
    const { body } = await post("/clock", { nowMs, stopped: true });
    expect(body).toEqual({ nowMs, speed: 1, stopped: true });
    await rpc("createTask", { title: "later", project_id: 1 });
    expect(await rpc("getTask", [2])).toMatchObject({ date_creation: nowMs / 1000 });
    expect((await post("/clock", { advanceMs: 1_500 })).body).toMatchObject({ nowMs: nowMs + 1_500 });
    expect((await control("/clock")).body).toMatchObject({ nowMs: nowMs + 1_500 });
  });

  test("lets a model answer when time is advanced", async () => {
    await post("/clock", { stopped: true });
    const answer = ask("hello");
    const arrived = serving.fakes.journal.length;
    while (serving.fakes.journal.length === arrived) await new Promise((resolve) => setImmediate(resolve));
    await post("/clock", { advanceMs: 60_000 });
    expect((await answer).status).toBe(200);
  });
});

describe("faults", () => {
  test("strike the request they are armed for, once", async () => {
    expect((await control("/faults", { method: "DELETE" })).status).toBe(200);
    const fault = { kind: "answered-with", status: 502, effect: "none" };
    const armed = await post("/faults", { faults: [{ service: "model", match: { nth: 2 }, fault }] });
    expect(armed).toMatchObject({ status: 200, body: { faults: [{ matched: 0, left: 1 }] } });
    await post("/clock", { speed: 0 });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index++) {
      const response = await fetch(`http://127.0.0.1:${serving.ports.model}/v1/models`);
      statuses.push(response.status);
      await response.text();
    }
    expect(statuses).toEqual([200, 502, 200]);
    expect((await control("/faults")).body).toEqual({ faults: [] });
  });

  test("that the service has not are refused with those it has", async () => {
    const fault = { kind: "service-fault", name: "dreams" };
    expect(await post("/faults", { faults: [{ service: "board", fault }] })).toMatchObject({
      status: 400,
      body: { error: { what: "faults: board: dreams", fix: expect.stringContaining("database-locked") as string } },
    });
  });
});

describe("what can be read", () => {
  test("the journal, from any event on", async () => {
    await rpc("getMyself");
    const whole = await fetch(`http://127.0.0.1:${serving.ports.control}/journal`);
    const lines = (await whole.text()).trim().split("\n");
    const next = Number(whole.headers.get("x-stormlane-next"));
    expect(JSON.parse(lines[0]!)).toMatchObject({ kind: "journal", seed: 41, scenario: "shop" });
    expect(lines).toHaveLength(next + 1);
    await rpc("getMyself");
    const rest = await fetch(`http://127.0.0.1:${serving.ports.control}/journal?since=${next}`);
    const more = (await rest.text()).trim().split("\n").slice(1);
    expect(more.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["sent", "answered"]);
  });

  test("the board", async () => {
    expect((await control("/state")).body).toMatchObject({
      projects: [
        {
          name: "shop",
          columns: [{ title: "To do", cards: [{ title: "a card", reference: "S1" }] }, { title: "Done" }],
        },
      ],
      users: [{ username: "admin" }],
    });
  });

  test("problems, with what to extend", async () => {
    await post("/script", { rules: [{ match: { role: "nobody" }, answer: { content: "" } }] });
    expect((await ask("what now?")).status).toBe(501);
    expect((await control("/problems")).body).toMatchObject({
      count: 1,
      problems: [{ kind: "unmodelled", service: "model", count: 1 }],
    });
    expect((await control("/health")).body).toMatchObject({ ok: true, problems: 1 });
  });
});

describe("a bad request is told what, why and how to mend it, and changes nothing", () => {
  test.each([
    ["/reset", "{", 400, "the body", "is not JSON"],
    ["/reset", "[]", 400, "the body", "expected object"],
    ["/reset", '{"bord":{}}', 400, "the body", "bord"],
    ["/reset", '{"board":{"webhook":{"url":"nowhere"}}}', 400, "the body: board.webhook.url", "Invalid URL"],
    ["/clock", '{"nowMs":"soon"}', 400, "the body: nowMs", "expected number"],
    ["/clock", '{"speed":-1}', 400, "the body: speed", "Too small"],
    ["/script", '{"rules":[{"answr":{}}]}', 400, "model.rules", "answr"],
    ["/faults", '{"faults":[{"service":"disk","fault":{"kind":"refused"}}]}', 400, "the body: faults.0.service", ""],
    [
      "/faults",
      '{"faults":[{"service":"board","fault":{"kind":"write-torn"}}]}',
      400,
      "the body: faults.0.fault.kind",
      "",
    ],
    ["/nowhere", "{}", 404, "POST /nowhere", "no such request"],
  ])("%s %s", async (path, body, status, what, why) => {
    const before = (await control("/faults")).body;
    const answer = await post(path, body);
    expect(answer).toMatchObject({
      status,
      body: { error: { what, why: expect.stringContaining(why) as string, fix: expect.stringMatching(/./) as string } },
    });
    expect((await control("/faults")).body).toEqual(before);
    expect(await rpc("getTask", [1])).toMatchObject({ title: "a card" });
  });

  test("a journal from a number that is none", async () => {
    expect((await control("/journal?since=x")).status).toBe(400);
  });
});
