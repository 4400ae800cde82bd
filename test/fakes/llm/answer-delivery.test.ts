import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { allDialects } from "../../../fakes/llm/dialects.ts";
import { deliver } from "../../../fakes/llm/answer-delivery.ts";
import { ModelProvider } from "../../../fakes/llm/model-provider.ts";
import type { ScriptAnswer } from "../../../fakes/llm/model-script.ts";
import type { StreamFault, StreamHarm, StreamPlace } from "../../../fakes/llm/stream-fault.ts";
import { completions, plainRequest } from "./completions.ts";
import { dataOf } from "./openai/sse-client.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

/** Four deltas of three characters each, which are a token each on average. */
const content = "abcdefghijkl";
const slow = { content, deltaChars: 3, timeToFirstTokenMs: 1_000, tokensPerSecond: 1 };

describe("a stream", () => {
  it("begins at once, and each delta leaves when its tokens are there", () => {
    const { pieces, steps, headers } = ask({ ...slow }, true);
    expect(headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(steps.slice(0, 2)).toEqual(["head", "chunk"]);
    expect(pieces.map(({ atUs }) => atUs / 1000)).toEqual([0, 1_750, 2_500, 3_250, 4_000, 4_000, 4_000]);
  });

  it("waits out the reasoning that its API does not show before the first delta", () => {
    const { pieces } = ask({ ...slow, reasoning: "x".repeat(8) }, true);
    expect(pieces[1]!.atUs).toBe(1_000_000 + 2_000_000 + 750_000);
  });

  it("takes as long as one body, for every API and answer", () => {
    fc.assert(
      fc.property(fc.constantFrom(...allDialects), completions, fc.nat(5_000), fc.nat(60_000), (dialect, ...rest) => {
        const [completion, timeToFirstTokenMs, generationMs] = rest;
        const waitedUs = (stream: boolean): number => {
          const request = { ...plainRequest, stream };
          const timed = { ...completion, timeToFirstTokenMs, generationMs };
          const steps = deliver({
            dialect,
            request,
            completion: timed,
            limits: undefined,
            fault: undefined,
            *complete() {},
          });
          let sumUs = 0;
          for (const step of steps) if (step.kind === "wait") sumUs += step.durationUs;
          return sumUs;
        };
        expect(waitedUs(true)).toBe(waitedUs(false));
      }),
    );
  });

  it("is billed when the last delta has left and before the terminal event", () => {
    const billed: number[] = [];
    const { steps } = ask(slow, true, (changes) => billed.push(changes.length));
    // The last delta, then what is left of the wait, the bill, the terminal event and `[DONE]`.
    expect(steps.slice(-5)).toEqual(["chunk", "wait", "statement", "chunk", "chunk"]);
    expect(billed.slice(-4)).toEqual([0, 0, 1, 1]);
  });
});

describe("a fault of a stream strikes at its place", () => {
  /** What a client has read: deltas of text, whether it ended, what is left of the rest. */
  const readOf = ({ text }: Served): { said: string; finished: boolean; done: boolean } => {
    const events = text.split("\n\n").filter((event) => event !== "" && event.endsWith("}"));
    const choices = dataOf(events.map((event) => `${event}\n`)).flatMap(
      (data) => (data["choices"] ?? []) as { delta: { content?: string }; finish_reason: string | null }[],
    );
    return {
      said: choices.map(({ delta }) => delta.content ?? "").join(""),
      finished: choices.some((choice) => choice.finish_reason !== null),
      done: text.endsWith("data: [DONE]\n\n"),
    };
  };
  const whole = { said: content, finished: true, done: true };
  const part = (said: string): typeof whole => ({ said, finished: false, done: false });
  const noEnd = { ...whole, finished: false, done: false };
  const noDone = { ...whole, done: false };

  test.each<[StreamPlace, StreamHarm["how"], Served["end"], typeof whole, number]>([
    ["before-headers", "reset", "reset", part(""), 0],
    ["before-headers", "clean-end", "reset", part(""), 0],
    ["before-headers", "cut-event", "reset", part(""), 0],
    ["before-headers", "stall", "stall", part(""), 0],
    ["before-headers", "pause", "whole", whole, 1],
    [{ afterDeltas: 0 }, "clean-end", "whole", part(""), 0],
    [{ afterDeltas: 2 }, "reset", "reset", part("abcdef"), 0],
    [{ afterDeltas: 2 }, "clean-end", "whole", part("abcdef"), 0],
    [{ afterDeltas: 2 }, "cut-event", "whole", part("abcdef"), 0],
    [{ afterDeltas: 2 }, "stall", "stall", part("abcdef"), 0],
    [{ afterDeltas: 2 }, "error-event", "whole", part("abcdef"), 0],
    [{ afterDeltas: 2 }, "pause", "whole", whole, 1],
    [{ afterDeltas: 99 }, "reset", "reset", noEnd, 0],
    ["tool-call-opened", "reset", "reset", noEnd, 0],
    ["instead-of-terminal", "reset", "reset", noEnd, 1],
    ["instead-of-terminal", "clean-end", "whole", noEnd, 1],
    ["instead-of-terminal", "cut-event", "whole", noEnd, 1],
    ["instead-of-terminal", "stall", "stall", noEnd, 1],
    ["instead-of-terminal", "error-event", "whole", noEnd, 1],
    ["instead-of-terminal", "pause", "whole", whole, 1],
    ["after-terminal", "reset", "reset", noDone, 1],
    ["after-terminal", "clean-end", "whole", noDone, 1],
    ["after-terminal", "cut-event", "whole", noDone, 1],
    ["after-terminal", "stall", "stall", noDone, 1],
    ["after-terminal", "error-event", "whole", noDone, 1],
    ["after-terminal", "pause", "whole", whole, 1],
  ])("%j: %s", (at, how, end, read, billed) => {
    const served = ask({ ...slow, streamFault: faultOf(at, how) }, true);
    expect(served.end).toBe(end);
    expect(readOf(served)).toEqual(read);
    expect(served.changes).toHaveLength(billed);
  });

  it("and a pause makes everything after it later, nothing before", () => {
    const usual = ask(slow, true).pieces;
    const paused = ask({ ...slow, streamFault: faultOf({ afterDeltas: 2 }, "pause") }, true).pieces;
    const late = paused.map(({ atUs }, index) => (atUs - usual[index]!.atUs) / 1000);
    expect(late).toEqual([0, 0, 0, PAUSE_MS, PAUSE_MS, PAUSE_MS, PAUSE_MS]);
  });

  it("and an error event says which error, an error before the headers has its status", () => {
    const error = { kind: "rateLimited" } as const;
    const inStream = ask({ ...slow, streamFault: { at: { afterDeltas: 1 }, how: "error-event", error } }, true);
    expect(dataOf([inStream.pieces.at(-1)!.text])).toMatchObject([{ error: { code: "rate_limit_exceeded" } }]);
    expect(ask({ ...slow, streamFault: { at: "before-headers", how: "error-event", error } }, true).status).toBe(429);
    expect(ask({ ...slow, streamFault: { at: "before-headers", how: "error-event" } }, true).status).toBe(500);
  });

  it("and a cut event is the first half of the one that would follow, in a frame that ends", () => {
    const usual = ask(slow, true).pieces;
    const cut = ask({ ...slow, streamFault: faultOf({ afterDeltas: 2 }, "cut-event") }, true).pieces;
    const next = usual[3]!.text;
    expect(cut.slice(0, 3)).toEqual(usual.slice(0, 3));
    const whole = next.trimEnd();
    // In a whole frame: without its end some clients would not look at it.
    expect(cut[3]!.text).toBe(`${whole.slice(0, Math.ceil(whole.length / 2))}\n\n`);
    expect(cut).toHaveLength(4);
  });

  it("and a tool call is left open, with its name and without its arguments", () => {
    const calls = { content: "", toolCalls: [{ name: "read", arguments: { path: "a.py" } }] };
    const served = ask({ ...calls, streamFault: faultOf("tool-call-opened", "clean-end") }, true);
    expect(dataOf([served.pieces.at(-1)!.text])).toMatchObject([
      { choices: [{ delta: { tool_calls: [{ function: { name: "read", arguments: "" } }] } }] },
    ]);
  });
});

describe("a fault of one body strikes at its place", () => {
  const usual = ask(slow, false);

  test.each<[StreamPlace, StreamHarm["how"], Served["end"], number, number]>([
    ["before-headers", "reset", "reset", 0, 0],
    ["before-headers", "stall", "stall", 0, 0],
    [{ afterDeltas: 0 }, "clean-end", "whole", 0, 1],
    [{ afterDeltas: 2 }, "reset", "reset", 6, 1],
    [{ afterDeltas: 2 }, "stall", "stall", 6, 1],
    [{ afterDeltas: 2 }, "cut-event", "whole", 6, 1],
    [{ afterDeltas: 9_999 }, "clean-end", "whole", usual.text.length - 1, 1],
    ["instead-of-terminal", "clean-end", "whole", usual.text.length - 1, 1],
    ["after-terminal", "reset", "reset", usual.text.length, 1],
    ["after-terminal", "stall", "stall", usual.text.length, 1],
    [{ afterDeltas: 2 }, "pause", "whole", usual.text.length, 1],
  ])("%j: %s", (at, how, end, chars, billed) => {
    const served = ask({ ...slow, streamFault: faultOf(at, how) }, false);
    expect(served.end).toBe(end);
    expect(served.text).toBe(usual.text.slice(0, chars));
    expect(served.changes).toHaveLength(billed);
  });

  it("and an error is a body of status 200", () => {
    const served = ask({ ...slow, streamFault: faultOf({ afterDeltas: 2 }, "error-event") }, false);
    expect(served).toMatchObject({ status: 200, body: { error: { type: "server_error" } } });
  });

  it("and a tool call that was opened ends with its name", () => {
    const calls = { content: "", toolCalls: [{ name: "read", arguments: { path: "a.py" } }] };
    const served = ask({ ...calls, streamFault: faultOf("tool-call-opened", "clean-end") }, false);
    expect(served.text).toMatch(/"name":"read"$/);
  });
});

const PAUSE_MS = 7_000;

function faultOf(at: StreamPlace, how: StreamHarm["how"]): StreamFault {
  return how === "pause" ? { at, how, durationMs: PAUSE_MS } : { at, how };
}

function ask(answer: ScriptAnswer, stream: boolean, onStep?: (changes: Served["changes"]) => void): Served {
  const provider = new ModelProvider({ script: () => answer });
  const body = { model: "gpt", messages: [{ role: "user", content: "Hi." }], stream };
  return serve(provider, { body, ...(onStep === undefined ? {} : { onStep }) });
}
