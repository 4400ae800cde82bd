import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Body } from "../../src/base/body.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { readJournal } from "../../src/history/journal.ts";
import type { HttpRequest } from "../../src/ports/http.ts";
import type { DeliveryFault } from "../../src/serving/fault-spec.ts";
import type { ServedFakes } from "../../src/serving/served-fakes.ts";
import type { ServedService } from "../../src/serving/served-service.ts";
import { ServingClock } from "../../src/serving/serving-clock.ts";
import { toyFakes } from "./toy-service.ts";

function ask(served: ServedService, path: string, init: RequestInit = {}): Promise<Response> {
  return served.fetch(new Request(`http://toy.test${path}`, init));
}

async function textOf(served: ServedService, path: string, init: RequestInit = {}): Promise<string> {
  return await (await ask(served, path, init)).text();
}

function eventsOf({ journal }: ServedFakes): readonly HistoryEvent[] {
  const read = readJournal(
    journal
      .since(0)!
      .map((line) => `${line}\n`)
      .join(""),
  );
  if (read.kind === "bad") throw new Error(read.why);
  return read.events;
}

/** Long enough for anything that needs no timer. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("requests", () => {
  test("that are served at once interleave between their statements", async () => {
    const { served, toy } = toyFakes();
    await Promise.all([ask(served, "/steps?a"), ask(served, "/steps?b")]);
    expect(toy.log).toEqual([
      "/steps?a begins",
      "/steps?b begins",
      "/steps?a step 0",
      "/steps?b step 0",
      "/steps?a step 1",
      "/steps?b step 1",
      "/steps?a step 2",
      "/steps?b step 2",
    ]);
  });

  test("lose an update as on a real server, when they read before others write", async () => {
    const { served } = toyFakes();
    const counts = await Promise.all([textOf(served, "/count"), textOf(served, "/count"), textOf(served, "/count")]);
    expect(counts).toEqual(["1", "1", "1"]);
  });

  test("wait for a worker in the order of their arrival", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 12 }),
        async (workersMax, requests) => {
          const { served, toy } = toyFakes({ workersMax });
          const paths = Array.from({ length: requests }, (_, index) => `/steps?${index}`);
          await Promise.all(paths.map((path) => ask(served, path)));
          const begun = toy.log.filter((line) => line.endsWith("begins"));
          expect(begun).toEqual(paths.map((path) => `${path} begins`));
          let [working, most] = [0, 0];
          for (const line of toy.log) {
            if (line.endsWith("begins")) most = Math.max(most, ++working);
            if (line.endsWith("step 2")) working--;
          }
          expect(most).toBe(Math.min(workersMax, requests));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("are given headers, body and query as they came", async () => {
    const { served } = toyFakes();
    const response = await ask(served, "/echo?x=1", { method: "PUT", body: "\ufeffbody" });
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer())).toBe("\ufeffbody");
  });

  test("go on when their client has left, and free their worker", async () => {
    const { served, toy } = toyFakes({ workersMax: 1 });
    const leaving = new AbortController();
    const left = ask(served, "/steps?left", { signal: leaving.signal });
    const next = textOf(served, "/steps?next");
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await expect(left).rejects.toThrow("abort");
    expect(await next).toBe("done");
    expect(toy.log).toContain("/steps?left step 2");
  });
});

describe("draws", () => {
  const drawn = async (seed: number): Promise<readonly string[]> => {
    const { served } = toyFakes({ seed });
    const first = await textOf(served, "/draw");
    const second = await textOf(served, "/draw");
    return [first, second, await textOf(served, "/draw", { headers: { "x-stormlane-key": "EPIC-1" } })];
  };

  test("are those of the seed and the request's site, whatever else is asked", async () => {
    const alone = await drawn(41);
    const { served } = toyFakes({ seed: 41 });
    await textOf(served, "/echo");
    await textOf(served, "/draw", { headers: { "x-stormlane-process": "somebody-else" } });
    expect(await textOf(served, "/draw")).toBe(alone[0]);
    expect(await drawn(41)).toEqual(alone);
    expect(await drawn(42)).not.toEqual(alone);
    expect(new Set(alone).size).toBe(3);
  });
});

describe("an answer in pieces", () => {
  test("arrives whole, whatever its pieces", async () => {
    const { served } = toyFakes();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 20 }), async (body) => {
        expect(await textOf(served, "/stream", { method: "POST", body })).toBe(`${body}!`);
      }),
      { numRuns: 20 },
    );
  });

  test("that breaks gives what had left, and then fails", async () => {
    const { served } = toyFakes();
    const reader = (await ask(served, "/stream-then-reset")).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("some");
    await expect(reader.read()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  test("that nobody reads on is abandoned", async () => {
    const { served, fakes } = toyFakes();
    const { body } = await ask(served, "/stream", { method: "POST", body: "a".repeat(500) });
    await body!.cancel();
    expect(eventsOf(fakes).at(-1)).toMatchObject({ kind: "answered", outcome: "unknown", detail: "ABORTED" });
  });
});

describe("a connection", () => {
  test("that the service breaks rejects as fetch does", async () => {
    const { served } = toyFakes();
    await expect(ask(served, "/reset")).rejects.toMatchObject({ name: "TypeError", cause: { code: "ECONNRESET" } });
  });

  test("that stalls ends only when its client leaves, and holds no worker", async () => {
    const { served } = toyFakes({ workersMax: 1 });
    const leaving = new AbortController();
    const stalled = ask(served, "/stall", { signal: leaving.signal });
    expect(await textOf(served, "/steps")).toBe("done");
    leaving.abort(new Error("waited enough"));
    await expect(stalled).rejects.toThrow("waited enough");
  });
});

describe("a request of the service itself", () => {
  test("is waited for, and stands in the journal", async () => {
    const sent: HttpRequest[] = [];
    const { served, fakes } = toyFakes({
      send: (request) => {
        sent.push(request);
        return Promise.resolve({ kind: "ok", value: { status: 204, headers: {}, body: Body.empty } });
      },
    });
    expect(await textOf(served, "/nested")).toBe("204");
    expect(sent).toMatchObject([{ url: "http://receiver.test/hook" }]);
    const nested = eventsOf(fakes).find((event) => event.kind === "answered");
    expect(nested).toMatchObject({ op: { process: "board", name: "webhook.hook", key: "k" }, detail: "204" });
  });

  test("that fails is told to the service", async () => {
    const { served } = toyFakes({
      send: () => Promise.resolve({ kind: "unknown", error: { code: "ETIMEDOUT", message: "too slow" } }),
    });
    expect(await textOf(served, "/nested")).toBe("ETIMEDOUT");
  });

  test("that cannot be sent at all costs this client its answer", async () => {
    const { served, fakes } = toyFakes({ send: () => Promise.reject(new Error("not a URL")) });
    expect((await ask(served, "/nested")).status).toBe(501);
    expect(fakes.problems.list()).toMatchObject([{ kind: "broken", what: "Error: not a URL" }]);
  });
});

describe("what the fakes cannot do", () => {
  test("is told to its client, counted, and written down", async () => {
    const { served, fakes } = toyFakes();
    const response = await ask(served, "/unmodelled");
    expect(response.status).toBe(501);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const { error } = (await response.json()) as { readonly error: { readonly message: string } };
    expect(error.message).toBe(
      'stormlane: board: dream with {"of":"sheep"} is not modelled; extend fakes/toy/dreams.ts',
    );
    await ask(served, "/unmodelled");
    expect(fakes.problems.count).toBe(2);
    expect(fakes.problems.list()).toMatchObject([{ what: "dream", file: "fakes/toy/dreams.ts", count: 2 }]);
    expect(eventsOf(fakes)).toContainEqual(
      expect.objectContaining({ kind: "note", process: "board", name: "unmodelled" }),
    );
  });

  test("breaks an answer that has begun", async () => {
    const { served, fakes } = toyFakes();
    await expect(textOf(served, "/stream-then-unmodelled")).rejects.toThrow("fetch failed");
    expect(fakes.problems.count).toBe(1);
  });

  test("costs nobody else anything, and frees its worker", async () => {
    const { served } = toyFakes({ workersMax: 1 });
    const statuses = await Promise.all(
      ["/broken", "/unmodelled", "/echo", "/broken", "/echo"].map(async (path) => (await ask(served, path)).status),
    );
    expect(statuses).toEqual([501, 501, 200, 501, 200]);
  });
});

describe("a delivery fault", () => {
  const struck = async (
    fault: DeliveryFault,
    options: { readonly clock?: ServingClock } = {},
  ): Promise<ReturnType<typeof toyFakes>> => {
    const toy = toyFakes(options);
    toy.fakes.armFaults([{ service: "board", match: { path: "/count" }, fault }]);
    return toy;
  };
  const count = async (served: ServedService): Promise<string> => await textOf(served, "/count");

  test("that refuses lets nothing happen", async () => {
    const { served } = await struck({ kind: "refused" });
    await expect(count(served)).rejects.toThrow("fetch failed");
    expect(await count(served)).toBe("1");
  });

  test.each(["request-lost", "answer-lost"] as const)("%s is never answered", async (kind) => {
    const { served, fakes } = await struck({ kind });
    const leaving = new AbortController();
    let settled = false;
    const lost = ask(served, "/count", { signal: leaving.signal }).finally(() => {
      settled = true;
    });
    await turns();
    expect(settled).toBe(false);
    leaving.abort();
    await expect(lost).rejects.toThrow("abort");
    expect(await count(served)).toBe(kind === "request-lost" ? "1" : "2");
    const fault = eventsOf(fakes).find((event) => event.kind === "fault");
    expect(fault).toMatchObject({ fault: kind, effect: kind === "request-lost" ? "none" : "done" });
  });

  test("that resets the answer leaves the effect", async () => {
    const { served } = await struck({ kind: "answer-reset" });
    await expect(count(served)).rejects.toThrow("fetch failed");
    expect(await count(served)).toBe("2");
  });

  test("that duplicates the request has its effect twice", async () => {
    const clock = new ServingClock({ stopped: true });
    const { served, toy } = await struck({ kind: "request-duplicated", afterMs: 5_000 }, { clock });
    expect(await count(served)).toBe("1");
    clock.advance(5_000);
    while (!toy.log.includes("/count reads 1")) await new Promise((resolve) => setImmediate(resolve));
    expect(await count(served)).toBe("3");
  });

  test("that truncates keeps the first part", async () => {
    const toy = toyFakes();
    toy.fakes.armFaults([{ service: "board", fault: { kind: "answer-truncated", keepPermille: 500 } }]);
    expect(await textOf(toy.served, "/stream", { method: "POST", body: "1234567" })).toBe("1234");
  });

  test.each([
    ["none", "1"],
    ["done", "2"],
  ] as const)("of a proxy has its effect: %s", async (effect, next) => {
    const { served } = await struck({ kind: "answered-with", status: 502, effect, retryAfterS: 7 });
    const response = await ask(served, "/count");
    expect([response.status, response.headers.get("retry-after")]).toEqual([502, "7"]);
    expect(await count(served)).toBe(next);
  });

  test.each(["request-delayed", "answer-delayed"] as const)("%s takes the clock's time", async (kind) => {
    const clock = new ServingClock({ stopped: true });
    const { served } = await struck({ kind, delayMs: 5_000 }, { clock });
    const delayed = count(served);
    await turns();
    expect(await count(served)).toBe(kind === "request-delayed" ? "1" : "2");
    clock.advance(5_000);
    expect(await delayed).toBe(kind === "request-delayed" ? "2" : "1");
  });

  test("that cuts a process off ends by itself, and strikes nobody else", async () => {
    const clock = new ServingClock({ stopped: true });
    const toy = toyFakes({ clock });
    const from = (process: string): RequestInit => ({ headers: { "x-stormlane-process": process } });
    toy.fakes.armFaults([
      { service: "board", match: { process: "a" }, fault: { kind: "partition", durationMs: 1_000, direction: "both" } },
    ]);
    const leaving = new AbortController();
    const cut = [1, 2].map(() => ask(toy.served, "/echo", { ...from("a"), signal: leaving.signal }));
    expect((await ask(toy.served, "/echo", from("b"))).status).toBe(200);
    clock.advance(1_000);
    expect((await ask(toy.served, "/echo", from("a"))).status).toBe(200);
    leaving.abort();
    expect((await Promise.allSettled(cut)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(toy.toy.log).toHaveLength(2);
  });

  test("of the service itself is the service's own failure", async () => {
    const { served } = await struck({ kind: "service-fault", name: "busy" });
    expect((await ask(served, "/count")).status).toBe(503);
  });
});

describe("waits", () => {
  test("last as long as the clock says", async () => {
    const clock = new ServingClock({ startMs: 1_000, stopped: true });
    const { served } = toyFakes({ clock });
    const answer = textOf(served, "/wait");
    await turns();
    clock.advance(60_000);
    expect(await answer).toBe("61000");
  });

  test("do not last at speed 0", async () => {
    const { served } = toyFakes({ clock: new ServingClock({ startMs: 1_000, speed: 0, stopped: true }) });
    expect(await textOf(served, "/wait")).toBe("1000");
  });
});

describe("the journal", () => {
  test("has an operation for each request, with its effects and its answer in order", async () => {
    const { served, fakes } = toyFakes();
    await ask(served, "/count", { headers: { "x-stormlane-process": "poller-a", "x-stormlane-key": "EPIC-1" } });
    const site = "poller-a@0/main/board.GET /count(EPIC-1)#0";
    expect(eventsOf(fakes)).toMatchObject([
      { kind: "sent", op: { site, process: "poller-a", key: "EPIC-1" } },
      { kind: "effect", op: { site }, step: 0 },
      { kind: "effect", op: { site }, step: 1 },
      { kind: "change", op: { site }, change: { type: "counted", value: 1 } },
      { kind: "answered", op: { site }, outcome: "ok", detail: "200" },
    ]);
  });

  test("numbers requests of one name and key by their arrival", async () => {
    const { served, fakes } = toyFakes();
    await Promise.all([ask(served, "/echo"), ask(served, "/echo")]);
    const sites = eventsOf(fakes).flatMap((event) => (event.kind === "sent" ? [event.op.site] : []));
    expect(sites).toEqual(["client@0/main/board.GET /echo()#0", "client@0/main/board.GET /echo()#1"]);
  });
});
