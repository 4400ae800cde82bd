import { completeAnswer } from "../../fakes/llm/complete-answer.ts";
import type { ModelRequest } from "../../fakes/llm/completion.ts";
import { allDialects } from "../../fakes/llm/dialects.ts";
import type { Dialect } from "../../fakes/llm/dialect.ts";
import type { ScriptAnswer } from "../../fakes/llm/model-script.ts";
import type { ProviderError } from "../../fakes/llm/provider-error.ts";
import { assert } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { shapeOf } from "./shape.ts";

/** What the fake model providers answer, by the path that is asked: as a whole, as a stream, and as a refusal. */
export function modelWire(): JsonObject {
  return Object.fromEntries(
    requests.map(({ path, streamPath = path, body }) => {
      const whole = parsed(path, body);
      const streaming = parsed(streamPath, streamPath === path ? { ...body, stream: true } : body);
      return [
        path,
        {
          answer: shapeOf(answers.map((answer) => documentOf(whole.dialect, whole.request, answer))),
          stream: shapeOf(answers.flatMap((answer) => eventsOf(streaming.dialect, streaming.request, answer))),
          refusal: shapeOf(errors.map((error) => refusalOf(whole.dialect, error))),
        },
      ];
    }),
  );
}

interface AskedPath {
  readonly path: string;
  /** Where the path says that the answer is to be a stream. */
  readonly streamPath?: string;
  readonly body: JsonObject;
}

const messages = [{ role: "user", content: "Plan it." }];

const requests: readonly AskedPath[] = [
  { path: "/v1/chat/completions", body: { model: "m", messages } },
  { path: "/v1/responses", body: { model: "m", input: "Plan it." } },
  { path: "/api/v1/chat/completions", body: { model: "a/m", messages } },
  { path: "/v1/messages", body: { model: "m", max_tokens: 1_000, messages } },
  {
    path: "/v1beta/models/m:generateContent",
    streamPath: "/v1beta/models/m:streamGenerateContent?alt=sse",
    body: { contents: [{ role: "user", parts: [{ text: "Plan it." }] }] },
  },
  { path: "/api/chat", body: { model: "m", messages, stream: false } },
  { path: "/api/generate", body: { model: "m", prompt: "Plan it.", stream: false } },
];

const answers: readonly ScriptAnswer[] = [
  { content: "Done.", reasoning: "Because." },
  { content: "", toolCalls: [{ name: "read", arguments: { path: "a.py" } }] },
  { content: "", refusal: "No." },
];

const errors: readonly ProviderError[] = [
  { kind: "badRequest", message: "No.", param: "model" },
  { kind: "invalidKey" },
  { kind: "modelNotFound", model: "m" },
  { kind: "contextLengthExceeded", tokens: 2, tokensMax: 1 },
  { kind: "rateLimited", retryAfterSeconds: 1 },
  { kind: "serverError" },
];

function parsed(path: string, body: JsonObject): { readonly dialect: Dialect; readonly request: ModelRequest } {
  const request = { method: "POST", path, headers: {}, body: Body.ofJson(body) };
  const dialect = allDialects.find((each) => each.owns(request));
  const read = dialect?.parse(request);
  assert(dialect !== undefined && read?.kind === "ok", `no model understands a request to ${path}`);
  return { dialect, request: read.request };
}

function completionOf(request: ModelRequest, answer: ScriptAnswer) {
  return completeAnswer(request, answer, { id: "c0", createdMs: 1_700_000_000_500 });
}

function documentOf(dialect: Dialect, request: ModelRequest, answer: ScriptAnswer): JsonValue {
  return dialect.answer(completionOf(request, answer), request).body!.json()!;
}

/** Lines of JSON, or server-sent events with a type and data. */
function eventsOf(dialect: Dialect, request: ModelRequest, answer: ScriptAnswer): JsonValue[] {
  const text = dialect
    .streamEvents(completionOf(request, answer), request)
    .map((event) => event.text)
    .join("");
  return text.split("\n").flatMap((line) => {
    const data = line.startsWith("data: ") ? line.slice("data: ".length) : line;
    return data.startsWith("{") ? [JSON.parse(data) as JsonValue] : [];
  });
}

function refusalOf(dialect: Dialect, error: ProviderError): JsonValue {
  return dialect.refuse(error, { id: "c0" }).body!.json()!;
}
