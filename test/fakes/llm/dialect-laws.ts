import fc from "fast-check";
import { expect, it } from "vitest";
import { answerChars } from "../../../fakes/llm/complete-answer.ts";
import type { Completion } from "../../../fakes/llm/completion.ts";
import type { Dialect } from "../../../fakes/llm/dialect.ts";
import type { ProviderError } from "../../../fakes/llm/provider-error.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { completions, plainRequest } from "./completions.ts";

/** What the laws need to know of an API: how a client reads it. */
export interface ClientView {
  /** What a client has read when a stream is over, in the form of `ofWhole`. */
  ofStream(events: readonly string[]): JsonValue;
  /** The same parts of an answer in one body. */
  ofWhole(body: JsonObject): JsonValue;
  /** Whether streams show the reasoning. */
  readonly showsReasoning: boolean;
}

/** What holds for every API, whatever its wire format. */
export function itObeysTheLawsOfDialects(dialect: Dialect, client: ClientView): void {
  it("says the same in a stream as in one body, for every answer and chunking", () => {
    fc.assert(
      fc.property(completions, (completion) => {
        const events = dialect.streamEvents(completion, plainRequest).map(({ text }) => text);
        const { body } = dialect.answer(completion, plainRequest);
        expect(client.ofStream(events)).toEqual(client.ofWhole(body!.json() as JsonObject));
      }),
    );
  });

  it("has one terminal event, after every delta, and deltas that carry all of the answer", () => {
    fc.assert(
      fc.property(completions, (completion) => {
        const events = dialect.streamEvents(completion, plainRequest);
        const kinds = events.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === "terminal")).toHaveLength(1);
        expect(kinds.lastIndexOf("delta")).toBeLessThan(kinds.indexOf("terminal"));
        expect(events.every(({ kind, chars }) => kind === "delta" || chars === 0)).toBe(true);
        const chars = events.reduce((sum, event) => sum + event.chars, 0);
        expect(chars).toBe(shownChars(completion, client));
      }),
    );
  });

  it.each(refusals)("refuses with a status and a JSON body, and in a stream: $kind", (error) => {
    const { status, body } = dialect.refuse(error, { id: "e0" });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(body!.json())).toContain("error");
    const completion = fc.sample(completions, { numRuns: 1, seed: 1 })[0]!;
    const begun = { completion, request: plainRequest, eventsBefore: 3 };
    expect(dialect.refuseInStream(error, { id: "e0" }, begun)).toContain("error");
  });
}

function shownChars(completion: Completion, { showsReasoning }: ClientView): number {
  return answerChars(completion) + (showsReasoning ? completion.reasoning.length : 0);
}

/** One of each kind. */
export const refusals: readonly ProviderError[] = [
  { kind: "badRequest", message: "No.", param: "model" },
  { kind: "invalidKey" },
  { kind: "permissionDenied" },
  { kind: "modelNotFound", model: "none" },
  { kind: "notFound", method: "GET", path: "/nowhere" },
  { kind: "contextLengthExceeded", tokens: 11, tokensMax: 10 },
  { kind: "requestTooLarge", sizeBytesMax: 10 },
  { kind: "promptFiltered" },
  { kind: "rateLimited" },
  { kind: "quotaExceeded" },
  { kind: "serverError" },
  { kind: "unavailable" },
  { kind: "timeout" },
  { kind: "overloaded" },
];
