import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Body } from "../../../src/base/body.ts";
import { isJsonObject, type JsonObject } from "../../../src/base/json.ts";
import type { NoteEvent } from "../../../src/history/event.ts";
import type { ModelRole, ProviderConfig } from "../../../src/orchestrator/config.ts";
import { ModelClient, type ModelClientOptions } from "../../../src/orchestrator/llm/model-client.ts";
import type { ModelResult } from "../../../src/orchestrator/llm/model-port.ts";
import { defaultLimits, defaultPolicies } from "../../../src/orchestrator/orchestrator.ts";
import type { HttpHeaders, HttpRequest, HttpResponse } from "../../../src/ports/http.ts";
import type { Result } from "../../../src/ports/result.ts";
import { runWorld } from "../../sim/world-run.ts";
import { wrapHttp } from "../wrapped-http.ts";

const here: ProviderConfig = { type: "openai", url: "http://here.test", apiKey: "key-of-here" };
const there: ProviderConfig = { type: "anthropic", url: "http://there.test", apiKey: "key-of-there" };

const good = reply(200, {}, { choices: [{ message: { content: "The answer." }, finish_reason: "stop" }] });

function reply(status: number, headers: HttpHeaders, body: JsonObject): Result<HttpResponse> {
  return { kind: "ok", value: { status, headers, body: Body.ofJson(body) } };
}

/** What is asked one after the other: a question for a role, or a pause. */
type Step = ModelRole | number;

interface Client {
  readonly results: readonly ModelResult[];
  readonly requests: readonly { readonly request: HttpRequest; readonly atMs: number }[];
  readonly virtualMs: number;
  readonly notes: readonly NoteEvent[];
}

/** The orchestrator's own client with its own limits, on a network where each request has the answer that is given. */
async function ask(
  steps: readonly Step[],
  answer: (request: HttpRequest, count: number) => Result<HttpResponse>,
  options: { coder?: ProviderConfig } & Partial<ModelClientOptions> = {},
): Promise<Client> {
  const results: ModelResult[] = [];
  const requests: Client["requests"][number][] = [];
  let virtualMs = 0;
  const { coder = here, ...more } = options;
  const { history } = await runWorld((world) => {
    world.host();
    world.process("core", async (root) => {
      const ports = wrapHttp(root, {
        request(request) {
          requests.push({ request, atMs: root.clock.monotonicMs() });
          return Promise.resolve(answer(request, requests.length));
        },
      });
      const role = { model: "model-1", tokensMax: 1_000, timeoutMs: 60_000 };
      const client = new ModelClient({
        config: {
          roles: { planner: { ...role, provider: here }, coder: { ...role, provider: coder } },
          traceHeaders: false,
        },
        requestsMax: defaultLimits.modelRequestsMax,
        questionMsMax: defaultLimits.modelQuestionMsMax,
        breaker: { failuresMax: defaultLimits.modelFailuresMax, openMs: defaultLimits.modelAwayMs },
        retryDelayMs: (tries, ports, retryAfterMs) =>
          defaultPolicies.retry.modelDelayMs(ports, tries, retryAfterMs, defaultLimits),
        runTool: () => Promise.resolve({ kind: "fail", reason: "no tools here" }),
        ...more,
      });
      for (const step of steps) {
        if (typeof step === "number") await ports.clock.sleep(step);
        else results.push(await client.ask(ports, { ...question, role: step }, new AbortController().signal));
      }
      virtualMs = ports.clock.monotonicMs();
    });
  });
  const notes = history.events.flatMap((event) => (event.kind === "note" ? [event] : []));
  return { results, requests, virtualMs, notes };
}

const question = {
  reference: "EPIC-1",
  purpose: "design",
  attempt: 1,
  prompt: "Design it.",
  json: false,
  folder: "/scratch",
} as const;

describe("a question that is repeated", () => {
  test("is bounded in requests and in time, whatever the provider says of waiting", async () => {
    const header = fc.oneof(
      fc.record({ "retry-after": fc.oneof(fc.integer(), fc.string(), fc.constant("Wed, 31 Dec 2099 23:59:59 GMT")) }),
      fc.record({ "retry-after-ms": fc.oneof(fc.double(), fc.string()) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(429, 503, 500, 529), header, async (status, headers) => {
        const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
        const { results, requests, virtualMs } = await ask(["planner"], () => reply(status, texts, {}));
        expect(results[0]!.kind).not.toBe("ok");
        expect(requests.length).toBe(defaultLimits.modelRequestsMax);
        const waits = defaultLimits.modelRequestsMax - 1;
        expect(virtualMs).toBeLessThanOrEqual(waits * (defaultLimits.retryAfterMsMax + 16_000));
        // A provider that says "at once" is not struck at once.
        expect(virtualMs).toBeGreaterThanOrEqual(waits * 500);
      }),
      { numRuns: 60 },
    );
  });

  test("begins no request when its time would be over by then", async () => {
    const { requests } = await ask(["planner"], () => reply(429, { "retry-after": "50" }, {}), {
      questionMsMax: 60_000,
    });
    expect(requests).toHaveLength(2);
  });

  test.each([400, 401, 402, 403, 404, 422])("is over at once after %i", async (status) => {
    expect((await ask(["planner"], () => reply(status, {}, {}))).requests).toHaveLength(1);
  });

  test("may be answered in the end", async () => {
    const { results } = await ask(["planner"], (_, count) => (count < 4 ? reply(529, {}, {}) : good));
    expect(results[0]).toMatchObject({ kind: "ok", value: { content: "The answer." } });
  });
});

describe("a provider that fails again and again", () => {
  const breaker = { failuresMax: 4, openMs: 30_000 };
  const breakerEvents = (notes: Client["notes"]): readonly string[] =>
    notes.flatMap(({ name }) => (name.startsWith("breaker.") ? [name] : []));

  test("is left alone, whoever asks; then one request decides, and both is told once", async () => {
    const steps: Step[] = ["planner", "planner", "coder", 30_000, "coder", 30_000, "planner", "coder"];
    // Four requests of the first question, one trial of the coder, and then it works.
    const { results, requests, notes } = await ask(steps, (_, count) => (count <= 5 ? reply(500, {}, {}) : good), {
      breaker,
    });
    expect(results.map(({ kind }) => kind)).toEqual(["fail", "fail", "fail", "fail", "ok", "ok"]);
    expect(results[1]).toMatchObject({ error: "transient", reason: expect.stringContaining("asked again in 30 s") });
    expect(requests).toHaveLength(7);
    expect(breakerEvents(notes)).toEqual(["breaker.opened", "breaker.closed"]);
  });

  test("does not keep anybody from another one", async () => {
    const { results, requests } = await ask(
      ["planner", "planner", "coder"],
      ({ url }) => (url.startsWith("http://here.test") ? reply(500, {}, {}) : reply(200, {}, anthropicAnswer)),
      { breaker, coder: there },
    );
    expect(results.map(({ kind }) => kind)).toEqual(["fail", "fail", "ok"]);
    expect(requests).toHaveLength(5);
  });

  test("is not one that answers, whatever it says: limits and refusals are answers", async () => {
    const { results, requests } = await ask(
      Array.from({ length: 6 }, () => "planner" as const),
      (_, count) => reply(count % 2 === 0 ? 401 : 400, {}, {}),
      { breaker },
    );
    expect(results).toHaveLength(6);
    expect(requests).toHaveLength(6);
  });
});

const anthropicAnswer: JsonObject = {
  content: [{ type: "text", text: "The answer." }],
  stop_reason: "end_turn",
  usage: { input_tokens: 10, cache_creation_input_tokens: 200, cache_read_input_tokens: 3_000, output_tokens: 4 },
};

test("a key goes to its own provider alone", async () => {
  const { requests } = await ask(["planner", "coder"], () => good, { coder: there, requestsMax: 1 });
  expect(requests.map(({ request }) => JSON.stringify(request).includes("key-of-here"))).toEqual([true, false]);
  expect(requests.map(({ request }) => JSON.stringify(request).includes("key-of-there"))).toEqual([false, true]);
});

test("the limit of an answer is called what the provider calls it", async () => {
  const newer: ProviderConfig = { ...here, type: "openai", tokensField: "max_completion_tokens" };
  const { requests } = await ask(["planner", "coder"], () => good, { coder: newer });
  const bodies = requests.map(({ request }) => request.body?.json());
  expect(bodies.map((body) => isJsonObject(body) && [body["max_tokens"], body["max_completion_tokens"]])).toEqual([
    [1_000, undefined],
    [undefined, 1_000],
  ]);
});

test("what was read from a cache counts as read", async () => {
  const { results } = await ask(["coder"], () => reply(200, {}, anthropicAnswer), { coder: there });
  expect(results[0]).toMatchObject({ value: { usage: { inputTokens: 3_210, outputTokens: 4 } } });
});
