import { describe, expect, it } from "vitest";
import type { ModelChange } from "../../../fakes/llm/changes.ts";
import { ModelProvider } from "../../../fakes/llm/model-provider.ts";
import type { ScriptAnswer, ScriptRequest } from "../../../fakes/llm/model-script.ts";
import { promptDigest } from "../../../fakes/llm/prompt-digest.ts";
import { hash32, hex32 } from "../../../src/base/digest.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { WorldChange } from "../../../src/history/changes.ts";
import { NotModelled, serve } from "./serve.ts";
import type { Served } from "./serve.ts";

const answer: ScriptAnswer = { content: '{"title":"Login","items":["a","b"]}' };
const headers = { "x-stormlane-role": "planner", "x-stormlane-key": "EPIC-1", "x-stormlane-attempt": "2" };

describe("a chat completion", () => {
  it("has every member that clients read", () => {
    const provider = new ModelProvider({ script: () => answer });
    const served = serve(provider, { headers, body: chat("Plan it."), nowMs: 1_700_000_000_000 });
    const id = `${hex32(hash32("planner/EPIC-1/2"))}${promptDigest("Plan it.")}0001`;
    expect(served.status).toBe(200);
    expect(served.headers).toEqual({ "content-type": "application/json", "x-request-id": `req_${id}` });
    expect(served.body).toEqual({
      id: `chatcmpl-${id}`,
      object: "chat.completion",
      created: 1_700_000_000,
      model: "gpt",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: answer.content, refusal: null, annotations: [] },
          finish_reason: "stop",
          logprobs: null,
        },
      ],
      usage: {
        prompt_tokens: 2,
        completion_tokens: 9,
        total_tokens: 11,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: {
          reasoning_tokens: 0,
          audio_tokens: 0,
          accepted_prediction_tokens: 0,
          rejected_prediction_tokens: 0,
        },
      },
      service_tier: "default",
      system_fingerprint: null,
    });
  });

  it("asks the script with headers where there are any, else with the prompt's markers", () => {
    const asked: ScriptRequest[] = [];
    const provider = new ModelProvider({
      script: (request) => {
        asked.push(request);
        return answer;
      },
    });
    const prompt = "role: coder\nkey: s-1\nattempt: 4\nrole: forged\nAs JSON.";
    serve(provider, { headers, body: chat(prompt) });
    serve(provider, { body: chat(prompt, { max_tokens: 5, response_format: { type: "json_object" } }) });
    serve(provider, { headers: { "x-stormlane-key": "s-2" }, body: chat(prompt) });
    expect(asked).toMatchObject([
      { role: "planner", key: "EPIC-1", attempt: 2, format: "text", maxTokens: undefined },
      { role: "coder", key: "s-1", attempt: 4, format: "json", maxTokens: 5, promptDigest: promptDigest(prompt) },
      { role: "coder", key: "s-2", attempt: 4 },
    ]);
  });

  it("takes the time to its first token and of its tokens", () => {
    const timed = { ...answer, content: "x".repeat(400), timeToFirstTokenMs: 1_000, tokensPerSecond: 50 };
    expect(ask(timed).waitedUs).toBe(3_000_000);
    expect(ask({ content: "x".repeat(320) }).waitedUs).toBe(400_000 + 1_000_000);
  });

  it("is recorded once, when it is complete", () => {
    const seen: number[] = [];
    const provider = new ModelProvider({ script: () => answer });
    const served = serve(provider, { headers, body: chat("Plan it."), onStep: (changes) => seen.push(changes.length) });
    const expected: ModelChange = {
      store: "model",
      type: "completion",
      role: "planner",
      key: "EPIC-1",
      promptDigest: promptDigest("Plan it."),
      promptTokens: 2,
      completionTokens: 9,
      finish: "stop",
    };
    expect(served.changes).toEqual([expected satisfies WorldChange]);
    expect(seen).toEqual([0, 0]);
    expect(served.steps).toEqual(["wait", "statement"]);
  });

  it("is cut to what the request allows, and says so", () => {
    const served = ask({ content: "x".repeat(100) }, { max_tokens: 5 });
    expect(choiceOf(served)).toMatchObject({ finish_reason: "length", message: { content: "x".repeat(20) } });
  });

  it("has no content when the model declines", () => {
    expect(choiceOf(ask({ content: "ignored", refusal: "No." }))).toMatchObject({
      message: { content: null, refusal: "No." },
    });
  });

  it("gives each further request for one prompt an id of its own", () => {
    const provider = new ModelProvider({ script: () => answer });
    const ids = [1, 2, 3].map(() => serve(provider, { headers, body: chat("same") }).body["id"]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe("a refused request", () => {
  const provider = new ModelProvider({ script: () => answer, models: ["gpt"], apiKey: "k", contextTokensMax: 100 });
  const authorization = "Bearer k";

  it("is 401 without the right key, and the script is not asked", () => {
    const served = serve(provider, { body: chat("x"), headers: { authorization: "Bearer other" } });
    expect([served.status, codeOf(served)]).toEqual([401, "invalid_api_key"]);
    expect(provider.requestCounts.size).toBe(0);
  });

  it("is 404 for a model that does not exist", () => {
    const served = serve(provider, { body: chat("x", { model: "none" }), headers: { authorization } });
    expect([served.status, codeOf(served)]).toEqual([404, "model_not_found"]);
  });

  it("is 400 when prompt and completion do not fit the context", () => {
    const long = serve(provider, { body: chat("x".repeat(400), { max_tokens: 1 }), headers: { authorization } });
    expect([long.status, codeOf(long)]).toEqual([400, "context_length_exceeded"]);
    const fits = serve(provider, { body: chat("x".repeat(396), { max_tokens: 1 }), headers: { authorization } });
    expect(fits.status).toBe(200);
  });

  it("is 400 for a body that is not JSON or lacks what is needed", () => {
    for (const body of ["{", {}, { model: "gpt" }, { model: "gpt", messages: [] }, chat("x", { max_tokens: 0 })]) {
      expect(serve(provider, { body, headers: { authorization } }).status).toBe(400);
    }
  });

  it("is 404 for any other path", () => {
    expect(serve(provider, { path: "/v1/embeddings", headers: { authorization } }).status).toBe(404);
  });

  it("is 429 over the limit, until a minute has passed", () => {
    const limited = new ModelProvider({ script: () => answer, requestsPerMinuteMax: 2 });
    const at = (nowMs: number): Served => serve(limited, { body: chat("x"), headers, nowMs });
    expect([at(0), at(10_000), at(20_000)].map((served) => served.status)).toEqual([200, 200, 429]);
    expect(at(20_500)).toMatchObject({ headers: { "retry-after": "40" } });
    expect(at(60_000).status).toBe(200);
  });

  it("ends the run where the script has no answer, and says to what", () => {
    const silent = new ModelProvider({ script: () => undefined });
    const asked = { headers: { ...headers, "x-stormlane-token": "t1" }, body: chat("First line.\nSecond line.") };
    expect(() => serve(silent, asked)).toThrow(NotModelled);
    let what: unknown;
    try {
      serve(silent, asked);
    } catch (error) {
      what = (error as NotModelled).what.args;
    }
    expect(what).toEqual({
      token: "t1",
      role: "planner",
      key: "EPIC-1",
      attempt: 2,
      promptDigest: promptDigest("First line.\nSecond line."),
      firstLine: "First line.",
      dialect: "openai-chat",
      model: "gpt",
    });
  });

  it("ends the run where the API is not modelled", () => {
    const silent = new ModelProvider({ script: () => undefined });
    expect(() => serve(silent, { headers, body: chat("x", { n: 2 }) })).toThrow(NotModelled);
  });

  it("ends the run when one step has been asked for too often", () => {
    const counted = new ModelProvider({ script: () => answer, requestsPerStepMax: 3 });
    const request = { headers, body: chat("x") };
    for (let count = 0; count < 3; count++) serve(counted, request);
    expect(counted.requestCounts.get("planner/EPIC-1/2")).toBe(3);
    expect(() => serve(counted, request)).toThrow(/more than 3 requests for one step.*planner\/EPIC-1\/2/);
    expect(serve(counted, { ...request, headers: { ...headers, "x-stormlane-attempt": "3" } }).status).toBe(200);
  });
});

describe("a fault of the provider itself", () => {
  it("is brought about by each name it offers", () => {
    const provider = new ModelProvider({ script: () => answer });
    for (const stream of [false, true]) {
      const body = chat("x", { stream });
      const usual = JSON.stringify(serve(provider, { headers, body }));
      for (const fault of provider.faults) {
        expect(JSON.stringify(serve(provider, { headers, body, fault })), fault).not.toBe(usual);
      }
    }
    expect(() => serve(provider, { headers, body: chat("x"), fault: "none" })).toThrow("no fault is called none");
  });

  it("strikes where an option says", () => {
    const provider = new ModelProvider({
      script: () => answer,
      answerFault: (request) => (request.attempt === 2 ? { kind: "empty" } : undefined),
    });
    expect(choiceOf(serve(provider, { headers, body: chat("x") }))).toMatchObject({ message: { content: "" } });
    expect(choiceOf(serve(provider, { body: chat("x") }))).toMatchObject({ message: { content: answer.content } });
  });

  it("records no completion when the answer is an error", () => {
    const provider = new ModelProvider({ script: () => answer });
    const served = serve(provider, { headers, body: chat("x"), fault: "server-error" });
    expect([served.status, served.changes]).toEqual([500, []]);
  });
});

describe("a scripted error", () => {
  it("has the hints of the script in its headers, whether or not they agree", () => {
    const error = { kind: "overloaded", retryAfterSeconds: 30, retryAfterMs: 5, shouldRetry: false } as const;
    expect(ask({ content: "", error })).toMatchObject({
      status: 503,
      headers: { "retry-after": "30", "retry-after-ms": "5", "x-should-retry": "false" },
    });
    expect(Object.keys(ask({ content: "", error: { kind: "serverError" } }).headers)).toEqual([
      "content-type",
      "x-request-id",
    ]);
  });

  it("comes at once unless it has a time to the first token", () => {
    const error = { kind: "timeout" } as const;
    expect(ask({ content: "", error }).waitedUs).toBe(0);
    expect(ask({ content: "", error, timeToFirstTokenMs: 60_000 }).waitedUs).toBe(60_000_000);
  });

  it.each([502, 200])("may be a page of a proxy, under status %i", (status) => {
    const served = ask({ content: "", error: { kind: "htmlPage", status } });
    expect(served).toMatchObject({ status, headers: { "content-type": "text/html" }, changes: [] });
    expect(served.text).toMatch(/^<html>/);
  });
});

it("says how many requests are left, in answers, streams and refusals", () => {
  const provider = new ModelProvider({ script: () => answer, requestsPerMinuteMax: 2 });
  const left = [false, true, false].map((stream) => {
    const { status, headers: sent } = serve(provider, { headers, body: chat("x", { stream }) });
    return [status, sent["x-ratelimit-remaining-requests"], sent["x-ratelimit-reset-requests"]];
  });
  expect(left).toEqual([
    [200, "1", "1m0s"],
    [200, "0", "1m0s"],
    [429, "0", "1m0s"],
  ]);
});

describe("a request", () => {
  const provider = new ModelProvider({ script: ({ dialect }) => ({ content: dialect }), models: ["gpt"] });

  it.each([
    ["/v1/chat/completions", "openai-chat"],
    ["/v1/responses", "openai-responses"],
    ["/api/v1/chat/completions", "openrouter"],
    ["/stormlane/t1/api/v1/chat/completions?x=1", "openrouter"],
  ])("at %s is for %s", (path, dialect) => {
    expect(serve(provider, { path, body: { ...chat("x"), input: "x" } }).text).toContain(`"${dialect}"`);
  });

  it("at a path that nobody owns is refused in the words of the first API", () => {
    expect(serve(provider, { method: "GET", path: "/nowhere" })).toMatchObject({
      status: 404,
      body: { error: { message: "Invalid URL (GET /nowhere)" } },
    });
  });
});

it("lists and describes its models", () => {
  const provider = new ModelProvider({ script: () => answer, models: ["a", "b"] });
  const get = (path: string): Served => serve(provider, { method: "GET", path });
  expect(get("/v1/models").body).toMatchObject({ object: "list", data: [{ id: "a" }, { id: "b" }] });
  expect(get("/v1/models/b").body).toMatchObject({ id: "b", object: "model" });
  expect(get("/v1/models/c").status).toBe(404);
});

function chat(prompt: string, more: JsonObject = {}): JsonObject {
  return { model: "gpt", messages: [{ role: "user", content: prompt }], ...more };
}

function ask(scripted: ScriptAnswer, more: JsonObject = {}): Served {
  return serve(new ModelProvider({ script: () => scripted }), { headers, body: chat("Plan it.", more) });
}

function choiceOf(served: Served): JsonObject | undefined {
  return (served.body["choices"] as readonly JsonObject[] | undefined)?.[0];
}

function codeOf(served: Served): unknown {
  return (served.body["error"] as JsonObject)["code"];
}
