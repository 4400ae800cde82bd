import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { Explorer } from "../../../src/explore/explorer.ts";
import type { NoteEvent } from "../../../src/history/event.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { WatchedModel } from "../../../src/orchestrator/dispatch/watched-model.ts";
import { ModelClient } from "../../../src/orchestrator/llm/model-client.ts";
import { answered, trouble, type ModelPort } from "../../../src/orchestrator/llm/model-port.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { runWorld } from "../../sim/world-run.ts";
import { boardScenario, config, type BoardWorldOptions } from "../board-world.ts";
import { small } from "../play.ts";
import { wrapHttp } from "../wrapped-http.ts";

interface Outage {
  readonly requests: number;
  readonly alarms: readonly NoteEvent[];
}

/** A whole board of which one service is out of reach for a while, for the orchestrators alone. */
async function playOutage(
  service: "board" | "model",
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  options: Partial<BoardWorldOptions>,
): Promise<Outage> {
  let requests = 0;
  const scenario = boardScenario({
    ...small,
    ...options,
    ports: (root) =>
      wrapHttp(root, {
        request(request, send, ports) {
          const nowMs = ports.clock.monotonicMs();
          if (!(request.name ?? "").startsWith(`${service}.`) || nowMs < fromMs || nowMs >= untilMs)
            return send(request);
          requests++;
          return Promise.resolve({ kind: "fail", error: { code: "ECONNREFUSED", message: "refused" } });
        },
      }),
  });
  return inMacrotask(() => {
    const plan = new Explorer(scenario, "first-due", runCaseNow).plan(0);
    const { history, verdict } = runCaseNow(scenario, plan.case, plan.exploration);
    expect(verdict).toEqual({ kind: "held" });
    const alarms = history.events.flatMap((event) =>
      event.kind === "note" && event.name.startsWith("alarm.") ? [event] : [],
    );
    return { requests, alarms };
  });
}

describe("a long outage of the board", () => {
  const outage = { fromMs: 3_000, untilMs: 3_603_000 };

  test.each([
    ["a poller", { pollers: 1, webhook: false }],
    ["a webhook server", { pollers: 0, webhook: true }],
  ])("costs %s few calls, and raises one alarm that is cleared", async (_, options) => {
    const { requests, alarms } = await playOutage("board", outage, options);
    // Half a minute at least between two looks, three tries each; and a few on the way there.
    expect(requests).toBeLessThan(3 * (3_600 / 30 + 8));
    expect(requests).toBeGreaterThan(60);
    expect(alarms.map(({ name, fields }) => [name, fields["alarm"]])).toEqual([
      ["alarm.raised", "board"],
      ["alarm.cleared", "board"],
    ]);
    expect(alarms[1]!.fields["since"]).toBe(alarms[0]!.fields["since"]);
  });
});

test("a long outage of the model costs few requests, raises one alarm, and the work goes on afterwards", async () => {
  const { requests, alarms } = await playOutage("model", { fromMs: 0, untilMs: 200_000 }, { failuresAllowed: false });
  expect(requests).toBeLessThanOrEqual(4 * 12);
  expect(alarms.map(({ name, fields }) => [name, fields["alarm"]])).toEqual([
    ["alarm.raised", "model openai http://model.test"],
    ["alarm.cleared", "model openai http://model.test"],
  ]);
});

const question = {
  role: "planner",
  reference: "EPIC-1",
  purpose: "design",
  attempt: 1,
  prompt: "Design it.",
  json: false,
  folder: "/scratch",
} as const;

test("a stop ends the pause before the next request, and no request follows", async () => {
  const answers: string[] = [];
  let requests = 0;
  await runWorld((world) => {
    world.host();
    world.process("core", async (root) => {
      const ports = wrapHttp(root, {
        request() {
          requests++;
          return Promise.resolve({ kind: "fail", error: { code: "ECONNREFUSED", message: "refused" } });
        },
      });
      const stop = new AbortController();
      const client = new ModelClient({
        config: config.models,
        requestsMax: 4,
        questionMsMax: 900_000,
        breaker: { failuresMax: 8, openMs: 30_000 },
        retryDelayMs: () => 60_000,
        runTool: () => Promise.resolve({ kind: "fail", reason: "no tools here" }),
      });
      const model = new WatchedModel(client, { failuresMin: 1, stop: stop.signal });
      const asked = model.ask(ports.fork("run"), question, new AbortController().signal).then(({ kind }) => {
        answers.push(`${kind} after ${ports.clock.monotonicMs()} ms`);
      });
      await ports.clock.sleep(1_000);
      stop.abort();
      await asked;
    });
  });
  expect(answers).toEqual(["fail after 1000 ms"]);
  expect(requests).toBeLessThanOrEqual(2);
});

test("a provider that answers does not clear the alarm of another that is away", async () => {
  const told: string[] = [];
  await runWorld((world) => {
    world.host();
    world.process("core", async (ports) => {
      const client: ModelPort = {
        ask: (_, { role }) =>
          Promise.resolve(
            role === "planner"
              ? answered({ content: "The answer.", finish: "stop" })
              : trouble("transient", "codex is not there"),
          ),
        parametersOf: (role) => ({
          provider: role,
          model: "m",
          temperature: undefined,
          tokensMax: 1,
          timeoutMs: 1,
        }),
        costUsdOf: () => undefined,
      };
      const log = { event: (name: string, { alarm }: JsonObject) => void told.push(`${name} ${alarm as string}`) };
      const watched = Object.create(ports, { log: { value: log } }) as Ports;
      const model = new WatchedModel(client, { failuresMin: 2, stop: new AbortController().signal });
      for (const role of ["coder", "planner", "coder", "planner", "coder"] as const) {
        await model.ask(watched, { ...question, role }, new AbortController().signal);
      }
    });
  });
  expect(told).toEqual(["alarm.raised model coder"]);
});
