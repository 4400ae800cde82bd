import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InProcessFakes, ServingClock, stormlaneFetch, stormlaneHandlers } from "../../src/msw/stormlane.ts";

const board = "http://kanboard.test/jsonrpc.php";
const model = "https://api.openai.com/v1/chat/completions";
const script = ({ prompt }: { readonly prompt: string }): { content: string } => ({ content: `You said: ${prompt}` });

type Fetch = typeof fetch;

async function rpc(send: Fetch, method: string, params: unknown = {}): Promise<unknown> {
  const response = await send(board, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("jsonrpc:stormlane")}` },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { readonly result: unknown }).result;
}

function ask(send: Fetch, members: object = {}, init: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ model: "any", messages: [{ role: "user", content: "hello" }], ...members });
  return send(model, { method: "POST", body, ...init });
}

describe("behind msw", () => {
  let fakes: InProcessFakes;
  let outside: Server;
  let reached = 0;
  const server = setupServer();

  beforeEach(async () => {
    fakes = new InProcessFakes({ board: { projects: [{ name: "shop", columns: ["To do"] }] }, model: { script } });
    server.use(...stormlaneHandlers(fakes));
    server.listen({ onUnhandledFrame: "error" });
    reached = 0;
    outside = createServer((_request, response) => {
      reached++;
      response.end("outside");
    }).listen(0, "127.0.0.1");
    await once(outside, "listening");
  });

  afterEach(() => {
    server.resetHandlers();
    server.close();
    outside.close();
  });

  test("the board answers, and remembers", async () => {
    expect(await rpc(fetch, "createTask", { title: "a card", project_id: 1 })).toBe(1);
    expect(await rpc(fetch, "getTask", { task_id: 1 })).toMatchObject({ title: "a card" });
  });

  test("the model answers, whole and in pieces", async () => {
    const whole = (await (await ask(fetch)).json()) as { choices: { message: { content: string } }[] };
    expect(whole.choices[0]!.message.content).toBe("You said: hello");
    const pieces = await (await ask(fetch, { stream: true })).text();
    expect(pieces).toMatch(/^data: \{/);
    expect(pieces).toContain("data: [DONE]");
  });

  test("a request that nobody handles is refused, and reaches nobody", async () => {
    const complaint = vi.spyOn(console, "error").mockImplementation(() => {});
    const { port } = outside.address() as AddressInfo;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch");
    expect(reached).toBe(0);
    expect(complaint).toHaveBeenCalled();
  });

  test("a webhook goes where the suite's own handlers are", async () => {
    const { http, HttpResponse } = await import("msw");
    const events: unknown[] = [];
    server.use(
      http.post("http://orchestrator.test/webhook", async ({ request }) => {
        events.push(((await request.json()) as { event_name: string }).event_name);
        return HttpResponse.text("ok");
      }),
    );
    fakes.served.reset({
      state: "scenario",
      board: { webhook: { url: "http://orchestrator.test/webhook", token: "t" } },
    });
    await rpc(fetch, "createTask", { title: "a card", project_id: 1 });
    expect(events).toEqual(["task.create"]);
  });

  test("an armed fault breaks the connection once", async () => {
    fakes.served.armFaults([{ service: "board", match: { procedure: "getVersion" }, fault: { kind: "answer-reset" } }]);
    await expect(rpc(fetch, "getVersion")).rejects.toThrow(TypeError);
    expect(await rpc(fetch, "getVersion")).toBe("1.2.53");
  });
});

describe("behind a fetch of its own", () => {
  test("reaches the fakes and nothing else", async () => {
    const send = stormlaneFetch({ model: { script } });
    expect((await ask(send)).status).toBe(200);
    await expect(send("http://127.0.0.1:9/")).rejects.toThrow("none of the fakes");
  });

  test("waits on the clock that the suite moves", async () => {
    const clock = new ServingClock({ startMs: 1_000_000_000_000, stopped: true });
    const fakes = new InProcessFakes({ clock, model: { script } });
    let answered = false;
    const answer = ask(stormlaneFetch(fakes)).then((response) => {
      answered = true;
      return response.json() as Promise<{ created: number }>;
    });
    clock.advance(100);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    clock.advance(60_000);
    expect((await answer).created).toBe(1_000_000_000);
  });

  test("goes on when the suite has replaced its timers", async () => {
    vi.useFakeTimers();
    try {
      expect((await ask(stormlaneFetch({ model: { script } }))).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  test("ends when its caller gives up", async () => {
    const fakes = new InProcessFakes({ clock: new ServingClock({ stopped: true }), model: { script } });
    const giveUp = new AbortController();
    const answer = ask(stormlaneFetch(fakes), {}, { signal: giveUp.signal });
    giveUp.abort();
    await expect(answer).rejects.toThrow("abort");
  });

  test("tells which prompt had no answer", async () => {
    const fakes = new InProcessFakes();
    const response = await ask(stormlaneFetch(fakes));
    expect(response.status).toBe(501);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await response.json()).toMatchObject({
      error: { kind: "unmodelled", file: expect.stringContaining("script") as string },
    });
    expect(fakes.served.problems.count).toBe(1);
  });
});
