import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished, describe, expect, test } from "vitest";
import type { HttpResponse } from "../../src/ports/http.ts";
import type { Result } from "../../src/ports/result.ts";
import type { ListenerLimits } from "../../src/serving/http-listener.ts";
import { PortTaken, startServing, type Serving } from "../../src/serving/serving.ts";
import { ToyService } from "./toy-service.ts";

interface Served extends Serving {
  readonly toy: ToyService;
  readonly url: string;
}

async function serve(limits: Partial<ListenerLimits> = {}): Promise<Served> {
  const serving = await startServing({ ports: { board: 0, model: 0, control: 0 }, limits });
  onTestFinished(() => serving.close());
  const toy = new ToyService();
  serving.fakes.board.service = toy;
  return { ...serving, toy, url: `http://127.0.0.1:${serving.ports.board}` };
}

/** A bare connection, to send what no client library would. */
async function open(served: Served): Promise<Socket> {
  const socket = connect({ port: served.ports.board, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** With `node:http`, since `fetch` sends no body with GET. */
async function send(served: Served, options: RequestOptions, body = ""): Promise<{ status: number; body: string }> {
  const request = httpRequest({ host: "127.0.0.1", port: served.ports.board, ...options });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

async function answers(served: Served): Promise<boolean> {
  return (await send(served, { path: "/steps" })).body === "done";
}

describe("a served fake", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])(
    "is given the body of %s",
    async (method) => {
      const served = await serve();
      const body = "with a body";
      const headers = { "content-length": body.length };
      expect(await send(served, { method, path: "/echo", headers }, body)).toEqual({ status: 200, body });
    },
  );

  test("answers HEAD without a body", async () => {
    const served = await serve();
    expect(await send(served, { method: "HEAD", path: "/steps" })).toEqual({ status: 200, body: "" });
  });

  test("takes any content type, or none", async () => {
    const served = await serve();
    for (const type of ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "nonsense"]) {
      const headers = { "content-type": type };
      expect(await send(served, { method: "POST", path: "/echo", headers }, "a=b")).toEqual({
        status: 200,
        body: "a=b",
      });
    }
  });

  test("keeps a connection for the next request", async () => {
    const served = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ports = new Set<number | undefined>();
    for (let index = 0; index < 3; index++) {
      const request = httpRequest({ host: "127.0.0.1", port: served.ports.board, path: "/steps", agent });
      request.end();
      const [response] = (await once(request, "response")) as [IncomingMessage];
      ports.add(response.socket.localPort);
      await text(response);
    }
    expect(ports.size).toBe(1);
  });

  test("sends an answer piece by piece", async () => {
    const served = await serve();
    const response = await fetch(`${served.url}/stream`, { method: "POST", body: "abc" });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await response.text()).toBe("abc!");
  });

  test("that breaks its answer has sent what came before", async () => {
    const served = await serve();
    const socket = await open(served);
    socket.write("GET /stream-then-reset HTTP/1.1\r\nhost: toy\r\n\r\n");
    const received = await text(socket);
    expect(received).toContain("some");
    // The last, empty chunk is what would have ended it well.
    expect(received).not.toContain("\r\n0\r\n");
  });

  test("that breaks the connection instead of an answer does so at the socket", async () => {
    const served = await serve();
    await expect(fetch(`${served.url}/reset`)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  test("learns that its client has left", async () => {
    const served = await serve();
    const socket = await open(served);
    socket.write("GET /stall HTTP/1.1\r\nhost: toy\r\n\r\n");
    while (!served.toy.log.includes("/stall begins")) await new Promise((resolve) => setImmediate(resolve));
    const before = served.fakes.journal.length;
    socket.destroy();
    while (served.fakes.journal.length === before) await new Promise((resolve) => setImmediate(resolve));
    expect(served.fakes.journal.since(before)?.at(-1)).toContain('"ABORTED"');
  });
});

test(
  "a thousand connections at once are all answered, and every request stands in the journal",
  { timeout: 30_000 },
  async () => {
    const served = await serve();
    const sockets = await Promise.all(Array.from({ length: 1_000 }, () => open(served)));
    const answers = sockets.map(async (socket) => {
      const received = text(socket);
      socket.write("GET /count HTTP/1.1\r\nhost: toy\r\nconnection: close\r\n\r\n");
      return (await received).startsWith("HTTP/1.1 200 OK");
    });
    expect((await Promise.all(answers)).filter(Boolean)).toHaveLength(1_000);
    const lines = served.fakes.journal
      .since(0)!
      .slice(1)
      .map((line) => JSON.parse(line) as { kind: string });
    const kinds = new Map<string, number>();
    for (const { kind } of lines) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect(Object.fromEntries(kinds)).toEqual({ sent: 1_000, effect: 2_000, change: 1_000, answered: 1_000 });
  },
);

describe("costs itself alone, when a client", () => {
  test("sends a body over the limit", async () => {
    const served = await serve({ bodyBytesMax: 1_000 });
    const headers = { "content-length": 1_001 };
    const tooLong = send(served, { method: "POST", path: "/echo", headers }, "x".repeat(1_001));
    expect(await answers(served)).toBe(true);
    expect((await tooLong).status).toBe(413);
    expect(served.toy.log).not.toContain("/echo begins");
    const fits = await send(served, { method: "POST", path: "/echo" }, "x".repeat(1_000));
    expect(fits.status).toBe(200);
  });

  test("sends a body without an end", async () => {
    const served = await serve({ bodyBytesMax: 1_000 });
    const socket = await open(served);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    socket.write("POST /echo HTTP/1.1\r\nhost: toy\r\ntransfer-encoding: chunked\r\n\r\n");
    const pour = (): void => {
      while (socket.writable && socket.write(`400\r\n${"x".repeat(1024)}\r\n`));
      if (socket.writable) socket.once("drain", pour);
      else socket.destroy();
    };
    socket.once("end", () => socket.destroy());
    pour();
    await closed;
    expect(await answers(served)).toBe(true);
    expect(served.toy.log).not.toContain("/echo begins");
  });

  test.each([
    ["never finishes its headers", "POST /echo HTTP/1.1\r\nhost: toy\r\n"],
    ["never finishes its body", "POST /echo HTTP/1.1\r\nhost: toy\r\ncontent-length: 10\r\n\r\nhalf"],
    ["sends something else than HTTP", "\u0016\u0003\u0001 hello\r\n\r\n"],
    [
      "contradicts itself about its body",
      "POST / HTTP/1.1\r\nhost: t\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    ],
    ["names no host", "GET /echo HTTP/1.1\r\n\r\n"],
  ])("%s", async (_what, bytes) => {
    const served = await serve({ headersMsMax: 100, bodyMsMax: 100 });
    const socket = await open(served);
    socket.write(bytes);
    const ended = text(socket);
    expect(await answers(served)).toBe(true);
    expect(await ended).toMatch(/^HTTP\/1\.1 4/);
    expect(served.toy.log).not.toContain("/echo begins");
  });

  test("closes its half of the connection", async () => {
    const served = await serve();
    const socket = await open(served);
    socket.end("POST /echo HTTP/1.1\r\nhost: toy\r\ncontent-length: 10\r\n\r\nhalf");
    await text(socket);
    expect(await answers(served)).toBe(true);
    expect(served.toy.log).not.toContain("/echo begins");
  });

  test("does not read its answer", async () => {
    const served = await serve({ answerMsMax: 100 });
    const socket = await open(served);
    socket.pause();
    socket.write("GET /long HTTP/1.1\r\nhost: toy\r\n\r\n");
    expect(await answers(served)).toBe(true);
    // A server may skip empty lines between requests; a connection that is gone answers them with a reset.
    while (!socket.closed) {
      if (socket.writable && !socket.writableNeedDrain) socket.write("\r\n");
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answers(served)).toBe(true);
  });
});

describe("to begin and to end", () => {
  test("a port that is taken is named, and nothing listens", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const started = startServing({ ports: { board: 0, model: port, control: 0 } });
    await expect(started).rejects.toBeInstanceOf(PortTaken);
    await expect(started).rejects.toMatchObject({ service: "model", port, code: "EADDRINUSE" });
  });

  test("closing lets what is in progress end, cuts what does not, and frees the ports", async () => {
    const serving = await startServing({ ports: { board: 0, model: 0, control: 0 }, limits: { closingMsMax: 200 } });
    serving.fakes.board.service = new ToyService();
    const { clock, journal } = serving.fakes;
    clock.setPace({ stopped: true });
    const url = `http://127.0.0.1:${serving.ports.board}`;
    const stalled = fetch(`${url}/stall`).catch((error: unknown) => String(error));
    const slow = fetch(`${url}/wait`).then((response) => response.status);
    while (journal.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const closed = serving.close();
    clock.advance(60_000);
    expect(await slow).toBe(200);
    await closed;
    expect(await stalled).toContain("fetch failed");
    const again = await startServing({ ports: serving.ports });
    await again.close();
  });

  test("a webhook that is on its way when all is closed comes back to nobody", async () => {
    const arrived = Promise.withResolvers<Result<HttpResponse>>();
    const serving = await startServing({
      ports: { board: 0, model: 0, control: 0 },
      limits: { closingMsMax: 1 },
      send: () => arrived.promise,
    });
    serving.fakes.board.service = new ToyService();
    const { journal } = serving.fakes;
    const cut = fetch(`http://127.0.0.1:${serving.ports.board}/nested`).catch((error: unknown) => String(error));
    while (journal.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await serving.close();
    const { length } = journal;
    arrived.resolve({ kind: "fail", error: { code: "ECONNREFUSED", message: "gone" } });
    expect(await cut).toContain("fetch failed");
    expect(journal.length).toBe(length);
  });
});
