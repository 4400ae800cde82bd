import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { AssertionFailure } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import type { HttpRequest, HttpResponse } from "../../src/ports/http.ts";
import type { Result } from "../../src/ports/result.ts";
import { sendRequest } from "../../src/real/http-client.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A peer that is told of each connection once the head of a request has arrived, and may break any rule. */
async function peer(answer: (socket: Socket, head: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (head) => answer(socket, head.toString()));
  });
  cleanUps.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function ask(url: string, request: Partial<HttpRequest> = {}, answerBytesMax = 1_000): Promise<Result<HttpResponse>> {
  return sendRequest({ method: "GET", url, timeoutMs: 10_000, ...request }, answerBytesMax);
}

function outcomeOf(result: Result<HttpResponse>): string {
  return result.kind === "ok" ? `ok ${result.value.status}` : `${result.kind} ${result.error.code}`;
}

const head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";

describe("a connection that breaks after the request left is unknown", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["before the answer", (socket) => socket.end()],
    ["in the middle of the headers", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le")],
    ["in the middle of the body", (socket) => socket.end(`${head}half`)],
    ["by a reset", (socket) => socket.resetAndDestroy()],
    ["with an answer that is not HTTP", (socket) => socket.end("hello\r\n\r\n")],
  ])("%s", async (_when, answer) => {
    const result = await ask(await peer(answer));
    expect(outcomeOf(result)).toBe("unknown ECONNRESET");
    expect(result).toMatchObject({ error: { message: "the connection broke before the answer was complete" } });
  });
});

describe("the time limit", () => {
  test("covers the body as well as the headers", async () => {
    const url = await peer((socket) => socket.write(`${head}half`));
    expect(outcomeOf(await ask(url, { timeoutMs: 50 }))).toBe("unknown ETIMEDOUT");
  });

  test("of more than a timer can count does not end at once", async () => {
    const url = await peer((socket) => socket.end(`${head}0123456789`));
    expect(outcomeOf(await ask(url, { timeoutMs: 2 ** 40 }))).toBe("ok 200");
  });
});

test("an abort in the middle of the body is unknown", async () => {
  const stopping = new AbortController();
  const url = await peer((socket) => socket.write(`${head}half`, () => stopping.abort()));
  expect(outcomeOf(await ask(url, { signal: stopping.signal }))).toBe("unknown ABORTED");
});

test("an answer over the limit is cut off and unknown, one at the limit is whole", async () => {
  const url = await peer((socket) => socket.end(`${head}0123456789`));
  expect(outcomeOf(await ask(url, {}, 10))).toBe("ok 200");
  expect(outcomeOf(await ask(url, {}, 9))).toBe("unknown ECONNRESET");
});

test("headers arrive in lower case, and several of one name are joined", async () => {
  const url = await peer((socket) => socket.end("HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n"));
  expect(await ask(url)).toMatchObject({ kind: "ok", value: { headers: { "x-a": "1, 2" } } });
});

test("a request carries the given headers and body, and asks for no compression", async () => {
  let seen = "";
  const url = await peer((socket, received) => {
    seen = received;
    socket.end("HTTP/1.1 204 No Content\r\n\r\n");
  });
  const request = { method: "POST", headers: { "x-given": "value" }, body: Body.ofText("é") };
  expect(outcomeOf(await ask(url, request))).toBe("ok 204");
  expect(seen).toMatch(/^POST \/ HTTP\/1.1\r\n/);
  expect(seen).toContain("x-given: value\r\n");
  expect(seen).toContain("content-length: 2\r\n");
  expect(seen).toContain("accept-encoding: identity\r\n");
  expect(seen).not.toContain("content-type");
  expect(seen.endsWith("\r\n\r\né")).toBe(true);
});

test("a port of another protocol, which fetch refuses, is a failure before anything was sent", async () => {
  expect(outcomeOf(await ask("http://127.0.0.1:6000/"))).toBe("fail ECONNREFUSED");
});

describe("a request that HTTP cannot carry is a defect of its caller", () => {
  test.each<[string, Partial<HttpRequest>]>([
    ["a relative URL", { url: "/path" }],
    ["a URL of another scheme", { url: "file:///etc/passwd" }],
    ["a URL with a password", { url: "http://user:secret@127.0.0.1/" }],
    ["a header with a line end", { headers: { "x-a": "secret\r\nx-b: 2" } }],
    ["a length of the caller's own", { headers: { "content-length": "7" } }],
    ["a GET with a body", { body: Body.ofText("text") }],
  ])("%s", async (_what, request) => {
    const failure = ask("http://127.0.0.1/", request);
    await expect(failure).rejects.toThrow(AssertionFailure);
    await expect(failure).rejects.not.toThrow("secret");
  });
});
