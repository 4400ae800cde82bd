import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelProvider } from "../../../fakes/llm/model-provider.ts";
import type { ModelProviderOptions } from "../../../fakes/llm/model-provider.ts";
import type { ScriptRequest } from "../../../fakes/llm/model-script.ts";
import { serve } from "./serve.ts";

describe("a token", () => {
  it("is the first that is present: header, path, key, model, prompt", () => {
    const places = fc.record({
      header: fc.boolean(),
      path: fc.boolean(),
      key: fc.boolean(),
      model: fc.boolean(),
      prompt: fc.boolean(),
    });
    fc.assert(
      fc.property(places, ({ header, path, key, model, prompt }) => {
        const asked = ask({
          headers: {
            ...(header ? { "x-stormlane-token": "in-header" } : {}),
            authorization: key ? "Bearer stormlane-in-key" : "Bearer other",
          },
          path: `${path ? "/stormlane/in-path" : ""}/v1/chat/completions`,
          model: model ? "gpt@in-model" : "gpt",
          prompt: prompt ? "Hi.\ntoken: in-prompt\ntoken: forged" : "Hi.",
        });
        const present = { header, path, key, model, prompt };
        const first = (["header", "path", "key", "model", "prompt"] as const).find((place) => present[place]);
        expect(asked.token).toBe(first === undefined ? "" : `in-${first}`);
        expect(asked.model).toBe("gpt");
      }),
    );
  });

  it("has requests of its own to count", () => {
    const calls: [string, number][] = [];
    const provider = new ModelProvider({
      script: ({ token, callNumber }) => {
        calls.push([token, callNumber]);
        return { content: "x" };
      },
    });
    for (const token of ["a", "b", "a"]) {
      serve(provider, { headers: { "x-stormlane-token": token }, body: bodyOf("gpt", "Hi.") });
    }
    expect(calls).toEqual([
      ["a", 1],
      ["b", 1],
      ["a", 2],
    ]);
    expect([...provider.requestCounts]).toEqual([
      ["//1@a", 2],
      ["//1@b", 1],
    ]);
  });

  it("has a rate limit of its own", () => {
    const provider = new ModelProvider({ script: () => ({ content: "x" }), requestsPerMinuteMax: 1 });
    const statusOf = (token: string): number =>
      serve(provider, { headers: { "x-stormlane-token": token }, body: bodyOf("gpt", "Hi.") }).status;
    expect(["a", "b", "a"].map(statusOf)).toEqual([200, 200, 429]);
  });

  it("in a key is let in where another key is asked for", () => {
    const provider = new ModelProvider({ script: () => ({ content: "x" }), apiKey: "right" });
    const statusOf = (key: string): number =>
      serve(provider, { headers: { authorization: `Bearer ${key}` }, body: bodyOf("gpt", "Hi.") }).status;
    expect(["right", "stormlane-t", "wrong"].map(statusOf)).toEqual([200, 200, 401]);
  });

  it("is no token in a model whose listed name has an @", () => {
    expect(ask({ model: "gpt@2026" }, { models: ["gpt@2026"] })).toMatchObject({ token: "", model: "gpt@2026" });
    expect(ask({ model: "gpt@t" }, { models: ["gpt"] })).toMatchObject({ token: "t", model: "gpt" });
  });

  it("is not looked for in prompts of clients that name their step in headers", () => {
    const headers = { "x-stormlane-role": "r", "x-stormlane-key": "k", "x-stormlane-attempt": "1" };
    expect(ask({ headers, prompt: "token: quoted" }).token).toBe("");
  });
});

function ask(
  request: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly path?: string;
    readonly model?: string;
    readonly prompt?: string;
  },
  options: Partial<ModelProviderOptions> = {},
): ScriptRequest {
  let asked: ScriptRequest | undefined;
  const script = (given: ScriptRequest): { content: string } => {
    asked = given;
    return { content: "x" };
  };
  const { model = "gpt", prompt = "Hi.", ...rest } = request;
  serve(new ModelProvider({ ...options, script }), { ...rest, body: bodyOf(model, prompt) });
  return asked!;
}

function bodyOf(model: string, prompt: string): { model: string; messages: { role: string; content: string }[] } {
  return { model, messages: [{ role: "user", content: prompt }] };
}
