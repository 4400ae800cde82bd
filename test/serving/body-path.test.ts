import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { Body } from "../../src/base/body.ts";
import { bodyPath } from "../../src/serving/body-path.ts";
import type { Client } from "../../src/serving/client.ts";
import type { BodyFault } from "../../src/serving/fault-spec.ts";
import { startServing, type Serving } from "../../src/serving/serving.ts";
import { ServingClock } from "../../src/serving/serving-clock.ts";

interface Asked {
  readonly path: string;
  readonly body: object;
}

const messages = [{ role: "user", content: "Plan the card." }];

/** How each API is asked for an answer, and what stands at the end of one that streams. */
const dialects = {
  openai: {
    plain: { path: "/v1/chat/completions", body: { model: "m", messages } },
    streamed: { path: "/v1/chat/completions", body: { model: "m", messages, stream: true } },
    last: "[DONE]",
  },
  anthropic: {
    plain: { path: "/v1/messages", body: { model: "m", max_tokens: 500, messages } },
    streamed: { path: "/v1/messages", body: { model: "m", max_tokens: 500, messages, stream: true } },
    last: "message_stop",
  },
  gemini: {
    plain: {
      path: "/v1beta/models/m:generateContent",
      body: { contents: [{ role: "user", parts: [{ text: "Plan." }] }] },
    },
    streamed: {
      path: "/v1beta/models/m:streamGenerateContent?alt=sse",
      body: { contents: [{ role: "user", parts: [{ text: "Plan." }] }] },
    },
    last: "finishReason",
  },
  ollama: {
    plain: { path: "/api/chat", body: { model: "m", messages, stream: false } },
    streamed: { path: "/api/chat", body: { model: "m", messages, stream: true } },
    last: '"done":true',
  },
} as const;

const asked = Object.entries(dialects).flatMap(([name, { plain, streamed, last }]) => [
  [`${name}, whole`, plain, isJson] as const,
  [`${name}, streamed`, streamed, (text: string) => text.includes(last)] as const,
]);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function serve(fault?: BodyFault): Promise<Serving> {
  const answer = "First look at the card, then at the code, and then say in a comment what is to be done.";
  const serving = await startServing({
    ports: { board: 0, model: 0, control: 0 },
    clock: new ServingClock({ speed: 0 }),
    scenario: {
      model: { rules: [{ answers: [{ content: answer }] }] },
      faults: fault === undefined ? [] : [{ service: "model", fault }],
    },
  });
  onTestFinished(() => serving.close());
  return serving;
}

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The client saw its end. */
  readonly complete: boolean;
  /** Reads that brought something. */
  readonly reads: number;
}

/** @param isEnough when the client leaves by itself */
async function ask(
  { ports }: Serving,
  { path, body }: Asked,
  isEnough: (text: string, headers: IncomingMessage["headers"]) => boolean = () => false,
): Promise<Received> {
  const request = httpRequest({ host: "127.0.0.1", port: ports.model, path, method: "POST" });
  request.end(JSON.stringify(body));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let [received, reads] = ["", 0];
  response.setEncoding("utf8");
  response.on("error", () => {});
  response.on("data", (text: string) => {
    received += text;
    reads++;
    if (isEnough(received, response.headers)) response.destroy();
  });
  await new Promise((resolve) => response.on("close", resolve));
  return { headers: response.headers, text: received, complete: response.complete, reads };
}

/** Of an answer that is broken in its second event: one event and some of the next. */
const firstEvent = /^[^\n]+(?:\n[^\n]+)*\n\n?[^\n]/;

test.each(asked)(
  "%s: an answer that is cut ends in its middle, and its client can tell",
  async (_, question, isWhole) => {
    const serving = await serve({ kind: "body-cut", afterPieces: 1 });
    const { headers, text, complete } = await ask(serving, question);
    expect(complete).toBe(false);
    expect(isWhole(text)).toBe(false);
    const length = headers["content-length"];
    if (length === undefined) expect(text).toMatch(firstEvent);
    else expect(text).toHaveLength(Math.floor(Number(length) / 2));
    // The next one is whole.
    expect((await ask(serving, question)).complete).toBe(true);
  },
);

test.each(asked)("%s: an answer that stalls stays open until its client leaves", async (_, question, isWhole) => {
  const serving = await serve({ kind: "body-stalled", afterPieces: 1 });
  const { text, complete } = await ask(serving, question, (received, { "content-length": length }) =>
    length === undefined ? firstEvent.test(received) : received.length === Math.floor(Number(length) / 2),
  );
  expect(complete).toBe(false);
  expect(isWhole(text)).toBe(false);
  const { journal } = serving.fakes;
  while (!journal.since(0)!.at(-1)!.includes('"answered"')) await new Promise((resolve) => setImmediate(resolve));
  expect(journal.since(0)!.at(-1)).toContain('"ABORTED"');
  const lines = journal.since(0)!.map((line) => JSON.parse(line) as { readonly [name: string]: unknown });
  expect(lines.find(({ kind }) => kind === "fault")).toMatchObject({ fault: "body-stalled", effect: "done" });
});

test.each(asked)("%s: an answer that drips comes whole, in many reads", async (_, question, isWhole) => {
  const serving = await serve({ kind: "body-dripped", pieceChars: 8, everyMs: 1 });
  const slow = await ask(serving, question);
  expect(slow.complete).toBe(true);
  const fast = await ask(serving, question);
  expect(slow.text).toHaveLength(fast.text.length);
  expect([isWhole(slow.text), isWhole(fast.text)]).toEqual([true, true]);
  expect(slow.reads).toBeGreaterThan(fast.reads);
});

/** What a client gets of an answer in these pieces; a single one is a whole answer. */
function passed(pieces: readonly string[], fault: BodyFault, clock = new ServingClock({ stopped: true })): string[] {
  const log: string[] = [];
  const client: Client = {
    answer: () => log.push("answer"),
    head: (_status, _headers, bodyBytes) => log.push(`head ${bodyBytes ?? "streams"}`),
    chunk: (text) => log.push(text),
    end: () => log.push("end"),
    reset: () => log.push("reset"),
  };
  const path = bodyPath(client, fault, clock);
  if (pieces.length === 1) path.answer({ status: 200, body: Body.ofText(pieces[0]!) });
  else {
    path.head(200, {});
    for (const piece of pieces) path.chunk(piece);
    path.end();
  }
  return log;
}

test("so many pieces pass and half of the next; where there are fewer, the end is what is missing", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{2,8}$/), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(words, fc.nat(10), fc.constantFrom("body-cut" as const, "body-stalled" as const), (pieces, n, kind) => {
      const next = pieces[n] ?? "";
      const end = kind === "body-cut" ? ["reset"] : [];
      expect(passed(pieces, { kind, afterPieces: n })).toEqual([
        "head streams",
        ...pieces.slice(0, n),
        next.slice(0, next.length / 2),
        ...end,
      ]);
    }),
  );
  expect(passed(["abcd"], { kind: "body-cut", afterPieces: 3 })).toEqual(["head 4", "ab", "reset"]);
});

test("what drips comes as fast as it is said, by the clock of the fakes, and its end behind it", async () => {
  const clock = new ServingClock({ stopped: true });
  const log = passed(["abcdefgh", "ij"], { kind: "body-dripped", pieceChars: 4, everyMs: 100 }, clock);
  const after = async (durationMs: number): Promise<readonly string[]> => {
    clock.advance(durationMs);
    await new Promise((resolve) => void setTimeout(resolve, 0));
    await new Promise((resolve) => void setTimeout(resolve, 5));
    return log.slice(1);
  };
  expect(log.slice(1)).toEqual(["abcd"]);
  expect(await after(99)).toEqual(["abcd"]);
  expect(await after(1)).toEqual(["abcd", "efgh"]);
  expect(await after(100)).toEqual(["abcd", "efgh", "ij"]);
  expect(await after(100)).toEqual(["abcd", "efgh", "ij", "end"]);
});
