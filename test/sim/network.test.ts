import { describe, expect, test } from "vitest";
import { Body } from "../../src/base/body.ts";
import type { FaultSpec } from "../../src/faults/fault.ts";
import type { HttpResponse, IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Result } from "../../src/ports/result.ts";
import type { Service, ServiceContext, ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import { Register, registerUrl } from "./toy-scenario.ts";
import { runWorld } from "./world-run.ts";

type Answer = Result<HttpResponse>;

const putSite = "client@0/main/put(r)#0";

function put(ports: Ports, value: number): Promise<Answer> {
  return ports.http.request({
    method: "PUT",
    url: registerUrl,
    body: Body.ofJson(value),
    timeoutMs: 10_000,
    name: "put",
    key: "r",
  });
}

/** One PUT under one fault: what the caller learned, when, and what the register holds in the end. */
async function putUnder(fault?: FaultSpec): Promise<{ answer: string; atMs: number; value: number; sets: number }> {
  const register = new Register();
  let answer = "never";
  let atMs = -1;
  const { history } = await runWorld(
    (world) => {
      world.service("http://board.test", register);
      world.process(
        "client",
        async (ports) => {
          const result = await put(ports, 7);
          atMs = ports.clock.monotonicMs();
          answer = result.kind === "ok" ? `ok ${result.value.status}` : `${result.kind} ${result.error.code}`;
        },
        { daemon: true },
      );
    },
    fault === undefined ? [] : [{ ...fault, site: putSite }],
  );
  const sets = history.events.filter((event) => event.kind === "change").length;
  return { answer, atMs, value: register.value, sets };
}

describe("delivery faults", () => {
  test.each<[FaultSpec | undefined, Awaited<ReturnType<typeof putUnder>>]>([
    [undefined, { answer: "ok 204", atMs: 1.3, value: 7, sets: 1 }],
    [{ kind: "request-lost" }, { answer: "unknown ETIMEDOUT", atMs: 10_000, value: 0, sets: 0 }],
    [{ kind: "refused" }, { answer: "fail ECONNREFUSED", atMs: 0.5, value: 0, sets: 0 }],
    [{ kind: "answer-lost" }, { answer: "unknown ETIMEDOUT", atMs: 10_000, value: 7, sets: 1 }],
    [{ kind: "answer-reset" }, { answer: "unknown ECONNRESET", atMs: 1.3, value: 7, sets: 1 }],
    [
      { kind: "request-delayed", delayMs: 3_000 },
      { answer: "ok 204", atMs: 3_001.3, value: 7, sets: 1 },
    ],
    [
      { kind: "request-delayed", delayMs: 12_000 },
      { answer: "unknown ETIMEDOUT", atMs: 10_000, value: 7, sets: 1 },
    ],
    [
      { kind: "answer-delayed", delayMs: 3_000 },
      { answer: "ok 204", atMs: 3_001.3, value: 7, sets: 1 },
    ],
    [
      { kind: "request-duplicated", afterMs: 50 },
      { answer: "ok 204", atMs: 1.3, value: 7, sets: 2 },
    ],
    [
      { kind: "answered-with", status: 502, effect: "none" },
      { answer: "ok 502", atMs: 0.5, value: 0, sets: 0 },
    ],
    [
      { kind: "answered-with", status: 502, effect: "done" },
      { answer: "ok 502", atMs: 1.3, value: 7, sets: 1 },
    ],
    [
      { kind: "service-fault", name: "busy" },
      { answer: "ok 503", atMs: 1, value: 0, sets: 0 },
    ],
    [
      { kind: "partition", durationMs: 500, direction: "both" },
      { answer: "unknown ETIMEDOUT", atMs: 10_000, value: 0, sets: 0 },
    ],
    [
      { kind: "partition", durationMs: 500, direction: "answers" },
      { answer: "unknown ETIMEDOUT", atMs: 10_000, value: 7, sets: 1 },
    ],
    [
      { kind: "kill", when: "before", restartAfterMs: 1e9 },
      { answer: "never", atMs: -1, value: 0, sets: 0 },
    ],
    [
      { kind: "kill", when: "during", restartAfterMs: 1e9 },
      { answer: "never", atMs: -1, value: 7, sets: 1 },
    ],
    [
      { kind: "kill", when: "after", restartAfterMs: 1e9 },
      { answer: "never", atMs: -1, value: 7, sets: 1 },
    ],
    [
      { kind: "pause", durationMs: 4_000 },
      { answer: "ok 204", atMs: 4_001.3, value: 7, sets: 1 },
    ],
  ])("%o: what the caller learns, when, and whether the effect happened", async (fault, expected) => {
    expect(await putUnder(fault)).toEqual(expected);
  });

  test("a truncated answer is no longer JSON", async () => {
    let body: Body | undefined;
    await runWorld(
      (world) => {
        world.service("http://board.test", new Register());
        world.process("client", async (ports) => {
          const result = await ports.http.request({
            method: "GET",
            url: registerUrl,
            timeoutMs: 100,
            name: "get",
            key: "r",
          });
          if (result.kind === "ok") body = result.value.body;
        });
      },
      [{ kind: "answer-truncated", keepPermille: 0, site: "client@0/main/get(r)#0" }],
    );
    expect(body?.text()).toBe("");
    expect(body?.json()).toBeUndefined();
  });
});

describe("time limits and aborts", () => {
  test("an aborted request is unknown to its caller and takes effect all the same", async () => {
    const register = new Register();
    let answer: Answer | undefined;
    await runWorld((world) => {
      world.service("http://board.test", register);
      world.process("client", async (ports) => {
        const controller = new AbortController();
        const request = ports.http.request({
          method: "PUT",
          url: registerUrl,
          body: Body.ofJson(5),
          timeoutMs: 10_000,
          signal: controller.signal,
        });
        await ports.clock.sleep(0.1);
        controller.abort();
        answer = await request;
      });
    });
    expect(answer).toMatchObject({ kind: "unknown", error: { code: "ABORTED" } });
    expect(register.value).toBe(5);
  });
});

describe("workers", () => {
  test("requests beyond the workers wait in order of arrival", async () => {
    const register = new Register(1);
    const answered: string[] = [];
    await runWorld((world) => {
      world.service("http://board.test", register);
      for (const name of ["a", "b", "c"]) {
        world.process(name, async (ports) => {
          await put(ports, name.charCodeAt(0));
          answered.push(`${name} ${ports.clock.monotonicMs().toFixed(1)}`);
        });
      }
    });
    expect(answered).toEqual(["a 1.3", "b 1.6", "c 1.9"]);
  });
});

/** Answers after it has told a listener, as a synchronous webhook does. */
class Teller implements Service {
  readonly name = "board";
  readonly workersMax = 1;
  heard: Answer | undefined;
  private readonly times: number;

  constructor(times = 1) {
    this.times = times;
  }

  *serve(_: IncomingRequest, _context: ServiceContext): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    for (let time = 0; time < this.times; time++) {
      this.heard = yield {
        kind: "request",
        request: {
          method: "POST",
          url: "http://127.0.0.1:9000/hook",
          timeoutMs: 2_000,
          name: "webhook.told",
          key: "k",
        },
      };
    }
    return { status: 200 };
  }
}

/** Answers as its steps say, then with "end". */
class Streamer implements Service {
  readonly name = "model";
  readonly workersMax = 1;
  private readonly steps: readonly ServiceStep[];

  constructor(...steps: readonly ServiceStep[]) {
    this.steps = steps;
  }

  *serve(): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    for (const step of this.steps) yield step;
    return { status: 200, body: Body.ofText("end") };
  }
}

describe("answers in pieces", () => {
  const head: ServiceStep = { kind: "head", status: 202, headers: { "content-type": "text/plain" } };
  const chunk = (text: string): ServiceStep => ({ kind: "chunk", text });
  const ask = async (...steps: readonly ServiceStep[]): Promise<readonly string[]> => {
    const answers: string[] = [];
    await runWorld((world) => {
      world.service("http://model.test", new Streamer(...steps));
      world.process("client", async (ports) => {
        for (let n = 0; n < 2; n++) {
          const answer = await ports.http.request({ method: "GET", url: "http://model.test/", timeoutMs: 1_000 });
          if (answer.kind !== "ok") answers.push(`${answer.kind} ${answer.error.code}`);
          else
            answers.push(`${answer.value.status} ${answer.value.headers["content-type"]} ${answer.value.body.text()}`);
        }
      });
    });
    return answers;
  };

  test("reach the caller as one body, with the status and headers that left first", async () => {
    expect(await ask(head, chunk("a"), { kind: "wait", durationUs: 10 }, chunk("b"))).toEqual([
      "202 text/plain abend",
      "202 text/plain abend",
    ]);
  });

  test("that break off or stall are unknown to their caller, and the worker serves the next one", async () => {
    expect(await ask(head, chunk("a"), { kind: "reset" })).toEqual(["unknown ECONNRESET", "unknown ECONNRESET"]);
    expect(await ask(head, chunk("a"), { kind: "stall" })).toEqual(["unknown ETIMEDOUT", "unknown ETIMEDOUT"]);
  });
});

describe("servers and webhooks", () => {
  const serve = async (
    handle: (ports: Ports) => Promise<OutgoingResponse>,
    fault: FaultSpec | undefined,
    site: string,
  ) => {
    const teller = new Teller();
    let answer: Answer | undefined;
    const run = await runWorld(
      (world) => {
        world.service("http://board.test", teller);
        world.process(
          "hooks",
          async (ports) => {
            await ports.http.listen({ port: 9000, bodyBytesMax: 1_000 }, (_request, own) => handle(own));
            await new Promise(() => {});
          },
          { daemon: true },
        );
        world.process(
          "client",
          async (ports) => {
            answer = await put(ports, 1);
          },
          { startAfterMs: 5 },
        );
      },
      fault === undefined ? [] : [{ ...fault, site }],
    );
    return { teller, answer, run };
  };
  const nap = async (ports: Ports): Promise<OutgoingResponse> => {
    await ports.clock.sleep(100);
    return { status: 202 };
  };

  test("the caller waits while the service waits for its webhook; the handler's task is named by its cause", async () => {
    const { teller, answer, run } = await serve(nap, undefined, "");
    expect(teller.heard).toMatchObject({ kind: "ok", value: { status: 202 } });
    expect(answer).toMatchObject({ kind: "ok", value: { status: 200 } });
    const sites = run.history.events.flatMap((event) => (event.kind === "sent" ? [event.op.site] : []));
    expect(sites.filter((site) => site.startsWith("board@0"))).toEqual([
      expect.stringMatching(/^board@0\/put\(r\)~[0-9a-f]{8}\/webhook\.told\(k\)#0$/),
    ]);
    expect(sites.filter((site) => site.includes("clock.sleep"))).toEqual([
      expect.stringMatching(/^hooks@0\/webhook\.told\(k\)~[0-9a-f]{8}\/clock\.sleep\(\)#0$/),
    ]);
  });

  test("two webhooks of one name and key in one call have sites of their own", async () => {
    const twice = new Teller(2);
    const run = await runWorld((world) => {
      world.service("http://board.test", twice);
      world.process("client", async (ports) => void (await put(ports, 1)));
    });
    const sites = run.history.events.flatMap((event) => (event.kind === "sent" ? [event.op.site] : []));
    const told = sites.filter((site) => site.includes("webhook.told"));
    expect(told).toHaveLength(2);
    expect(new Set(told).size).toBe(2);
  });

  test("a webhook that finds nobody, or nobody in time, does not change the answer", async () => {
    const slow = await serve(
      async (ports) => {
        await ports.clock.sleep(60_000);
        return { status: 200 };
      },
      undefined,
      "",
    );
    expect(slow.teller.heard).toMatchObject({ kind: "unknown", error: { code: "ETIMEDOUT" } });
    expect(slow.answer).toMatchObject({ kind: "ok", value: { status: 200 } });
  });

  test("a handler that rejects answers 500 and crashes nothing", async () => {
    const { teller, run } = await serve(() => Promise.reject(new Error("no")), undefined, "");
    expect(teller.heard).toMatchObject({ kind: "ok", value: { status: 500 } });
    expect(run.history.events.some((event) => event.kind === "process" && event.what === "crash")).toBe(false);
  });

  test("a server that dies while it handles a request breaks the connection, and listens again after its restart", async () => {
    const first = await serve(nap, undefined, "");
    const site = first.run.history.events.flatMap((event) =>
      event.kind === "sent" && event.op.name === "clock.sleep" ? [event.op.site] : [],
    )[0]!;
    const { teller, run } = await serve(nap, { kind: "kill", when: "during", restartAfterMs: 10 }, site);
    expect(teller.heard).toMatchObject({ kind: "unknown", error: { code: "ECONNRESET" } });
    const turns = run.history.events.flatMap((event) =>
      event.kind === "process" ? [`${event.process} ${event.what}`] : [],
    );
    expect(turns).toEqual(["hooks start", "client start", "hooks kill", "client finish", "hooks start"]);
    expect(run.world.network.listenerAt("http://127.0.0.1:9000")).toBeDefined();
  });

  test("a body over the limit is answered 413 and never reaches the handler", async () => {
    let reached = false;
    let answer: Answer | undefined;
    await runWorld((world) => {
      world.process(
        "server",
        async (ports) => {
          await ports.http.listen({ port: 9000, bodyBytesMax: 10 }, () => {
            reached = true;
            return Promise.resolve({ status: 200 });
          });
          await new Promise(() => {});
        },
        { daemon: true },
      );
      world.process(
        "client",
        async (ports) => {
          answer = await ports.http.request({
            method: "POST",
            url: "http://127.0.0.1:9000/",
            body: Body.ofText("x".repeat(11)),
            timeoutMs: 1_000,
          });
        },
        { startAfterMs: 1 },
      );
    });
    expect(answer).toMatchObject({ kind: "ok", value: { status: 413 } });
    expect(reached).toBe(false);
  });
});

describe("lives", () => {
  test("a pause holds the process while time goes on; its timers fire late", async () => {
    const times: number[] = [];
    await runWorld(
      (world) => {
        world.process("sleeper", async (ports) => {
          await ports.clock.sleep(100);
          times.push(ports.clock.monotonicMs());
          await ports.clock.sleep(100);
          times.push(ports.clock.monotonicMs());
        });
      },
      [{ kind: "pause", durationMs: 1_000, site: "sleeper@0/main/clock.sleep()#0" }],
    );
    expect(times).toEqual([1_100, 1_200]);
  });

  test("a killed process starts again with fresh memory, and ports of the dead life do nothing", async () => {
    const seen: string[] = [];
    let leaked: Ports | undefined;
    const { history } = await runWorld(
      (world) => {
        world.process("p", async (ports) => {
          seen.push("main");
          leaked?.log.event("from the grave", {});
          leaked ??= ports;
          await ports.clock.sleep(10);
          seen.push("slept");
        });
      },
      [{ kind: "kill", when: "during", restartAfterMs: 5, site: "p@0/main/clock.sleep()#0" }],
    );
    expect(seen).toEqual(["main", "main", "slept"]);
    expect(history.events.some((event) => event.kind === "note")).toBe(false);
  });
});
