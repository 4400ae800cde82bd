import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { damageAnswer } from "../../../fakes/llm/answer-fault.ts";
import type { AnswerFault } from "../../../fakes/llm/answer-fault.ts";
import { hash32 } from "../../../src/base/digest.ts";
import type { JsonValue } from "../../../src/base/json.ts";

/** What planners answer: an object with some list of objects. */
const plan = fc.record({
  title: fc.string({ minLength: 1 }),
  stories: fc.array(fc.record({ id: fc.string({ minLength: 1 }), points: fc.integer() }), {
    minLength: 1,
    maxLength: 4,
  }),
});

describe("a damaged answer", () => {
  it("is cut to a proper prefix, and only silent cuts claim to be whole", () => {
    fc.assert(
      fc.property(plan, fc.boolean(), fc.integer(), (value, silent, seed) => {
        const content = JSON.stringify(value);
        const cut = damage(content, { kind: "truncated", silent }, seed);
        expect(content.startsWith(cut.content)).toBe(true);
        expect(cut.content.length).toBeLessThan(content.length);
        expect(cut.finish).toBe(silent ? "stop" : "length");
      }),
    );
  });

  it("is no JSON when malformed", () => {
    fc.assert(
      fc.property(plan, fc.integer(), (value, seed) => {
        expect(parse(damage(JSON.stringify(value), { kind: "malformed" }, seed).content)).toBeUndefined();
      }),
    );
  });

  it("is other JSON when it violates its schema, repeats an item or is injected", () => {
    fc.assert(
      fc.property(plan, fc.integer(), (value, seed) => {
        for (const kind of ["schemaViolating", "duplicatedItem", "injected"] as const) {
          const damaged = parse(damage(JSON.stringify(value), { kind }, seed).content);
          expect(damaged).toBeDefined();
          expect(damaged).not.toEqual(value);
        }
      }),
    );
  });

  it("holds one item twice when an item is duplicated", () => {
    const { content } = damage('{"stories":[{"id":"a"},{"id":"b"}]}', { kind: "duplicatedItem" }, 1);
    expect([
      '{"stories":[{"id":"a"},{"id":"b"},{"id":"a"}]}',
      '{"stories":[{"id":"a"},{"id":"b"},{"id":"b"}]}',
    ]).toContain(content);
  });

  it("carries the hostile text in a string of the JSON, or at the end of plain text", () => {
    expect(damage('{"file":"a.py"}', { kind: "injected", text: "../x" }, 1).content).toBe('{"file":"../x"}');
    expect(damage("done", { kind: "injected", text: "../x" }, 1).content).toBe("done\n../x");
  });

  it("grows to its size and still parses when it was JSON", () => {
    const { content } = damage('{"file":"a.py"}', { kind: "huge", sizeChars: 10_000 }, 1);
    expect(content.length).toBe(10_000);
    expect(parse(content)).toBeDefined();
  });

  it("is another answer of the same shape when it is said again", () => {
    fc.assert(
      fc.property(plan, fc.integer(), (value, seed) => {
        const again = parse(damage(JSON.stringify(value), { kind: "another" }, seed).content) as typeof value;
        expect(Object.keys(again)).toEqual(Object.keys(value));
        expect(again.stories.every((story) => Object.keys(story).join() === "id,points")).toBe(true);
      }),
    );
    const manners = Array.from(
      { length: 40 },
      (_, seed) => damage('{"a":["x","y"]}', { kind: "another" }, seed).content,
    );
    expect(new Set(manners)).toEqual(
      new Set(['{"a":["x (again)","y"]}', '{"a":["x","y (again)"]}', '{"a":["y","x"]}', '{"a":["x"]}', '{"a":["y"]}']),
    );
    expect(damage("Done.", { kind: "another" }, 1).content).toBe("Said again, in other words:\n\nDone.");
  });

  it("calls a tool that nobody declared, in place of the first one or of none", () => {
    const calls = [
      { name: "read", arguments: { path: "a" } },
      { name: "write", arguments: {} },
    ];
    const struck = damageAnswer({ content: "", toolCalls: calls }, { kind: "unknownTool" }, () => 0);
    expect(struck).toEqual({
      content: "",
      toolCalls: [{ name: "do_it_all", arguments: { path: "a" } }, calls[1]],
      finish: "tool_calls",
    });
    const named = damageAnswer({ content: "x" }, { kind: "unknownTool", name: "rm" }, () => 0);
    expect(named.toolCalls).toEqual([{ name: "rm", arguments: {} }]);
  });

  it("has the arguments of its last tool call cut to a proper prefix, or its text where it calls none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (args, seed) => {
        const draw = (purpose: string, bound: number): number => hash32(purpose, seed) % bound;
        const calls = [{ name: "read", arguments: args as JsonValue }];
        const struck = damageAnswer({ content: "", toolCalls: calls }, { kind: "toolArgumentsCut" }, draw);
        expect(struck.toolCalls![0]!.argumentsCharsMax).toBeLessThan(JSON.stringify(args).length);
      }),
    );
    expect(damage("whole", { kind: "toolArgumentsCut", keepChars: 2 }, 1)).toEqual({ content: "wh", finish: "stop" });
  });

  it("can be fenced, empty, refused, filtered, late or too long for the context", () => {
    expect(damage("{}", { kind: "fenced" }, 1).content).toContain("\n```json\n{}\n```\n");
    expect(damage("{}", { kind: "empty" }, 1).content).toBe("");
    expect(damage("{}", { kind: "refusal" }, 1).refusal).toBeDefined();
    expect(damage("{}", { kind: "contentFilter" }, 1).finish).toBe("content_filter");
    expect(damage("{}", { kind: "slowFirstToken", delayMs: 9 }, 1).timeToFirstTokenMs).toBe(9);
    expect(damage("{}", { kind: "contextOverflow" }, 1).error?.kind).toBe("contextLengthExceeded");
  });
});

function damage(content: string, fault: AnswerFault, seed: number): ReturnType<typeof damageAnswer> {
  return damageAnswer({ content }, fault, (purpose, bound) => hash32(purpose, seed) % bound);
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
