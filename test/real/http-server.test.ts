import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Body } from "../../src/base/body.ts";
import type { HttpHandler, HttpServer, OutgoingResponse } from "../../src/ports/http.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { defaultClientLimits, type ClientLimits } from "../../src/real/http-server.ts";
import { realPorts } from "../../src/real/real-ports.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Started {
  readonly server: HttpServer;
  readonly ports: Ports;
  readonly log: readonly string[];
}

async function start(handler: HttpHandler, limits: Partial<ClientLimits> = {}): Promise<Started> {
  const log: string[] = [];
  const ports = realPorts({
    log: (line) => log.push(line),
    clientLimits: { ...defaultClientLimits, ...limits },
  });
  const listening = await ports.http.listen({ port: 0, bodyBytesMax: 100 }, handler);
  if (listening.kind !== "ok") throw new Error(listening.error.code);
  cleanUps.push(() => listening.value.close());
  return { server: listening.value, ports, log };
}

function client(server: HttpServer): Socket {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  cleanUps.push(() => socket.destroy());
  return socket;
}

/** Sends the text and gives what comes back until the other side ends. */
async function exchange(server: HttpServer, text: string): Promise<string> {
  const socket = client(server);
  let received = "";
  socket.on("data", (data) => {
    received += data.toString();
  });
  socket.write(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return received;
}

const ok: HttpHandler = async () => ({ status: 200 });

describe("a slow client", () => {
  test("that never ends its headers is cut off", async () => {
    const { server } = await start(ok, { headersMsMax: 50 });
    expect(await exchange(server, "GET / HTTP/1.1\r\nhost: a\r\n")).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  test("that never ends its body is cut off, and its request reaches no handler", async () => {
    let requests = 0;
    const { server } = await start(
      async () => {
        requests++;
        return { status: 200 };
      },
      { bodyMsMax: 50 },
    );
    expect(await exchange(server, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf")).not.toContain("200");
    expect(requests).toBe(0);
  });

  test("that does not take in its answer is cut off, and the close waits no longer than that", async () => {
    const large = Body.ofText("x".repeat(32 * 1024 * 1024));
    let handled!: () => void;
    const handling = new Promise<void>((resolve) => {
      handled = resolve;
    });
    const handler: HttpHandler = async () => {
      handled();
      return { status: 200, body: large };
    };
    const { server } = await start(handler, { answerMsMax: 100 });
    const socket = client(server);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await handling;
    await server.close();
  });

  test("that is still sending its headers does not hold up the close", async () => {
    const { server } = await start(ok);
    const socket = client(server);
    // The answer to the first shows that the server holds half of the second.
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n");
    await once(socket, "data");
    await server.close();
  });
});

test("a chunked body over the limit is answered 413", async () => {
  const { server } = await start(ok);
  const answer = await exchange(
    server,
    `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${`32\r\n${"x".repeat(50)}\r\n`.repeat(3)}0\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
});

test.each(["*", "http://elsewhere/path"])("the target %s, which is no path, is answered 400", async (target) => {
  const { server } = await start(ok);
  expect(await exchange(server, `OPTIONS ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 400 /,
  );
});

test("headers of a request arrive in lower case, and several of one name are joined", async () => {
  let seen: unknown;
  const { server } = await start(async (request) => {
    seen = request.headers;
    return { status: 200 };
  });
  await exchange(
    server,
    "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a: 2\r\nSet-Cookie: b\r\nSet-Cookie: c\r\nConnection: close\r\n\r\n",
  );
  expect(seen).toEqual({ host: "a", "x-a": "1, 2", "set-cookie": "b, c", connection: "close" });
});

describe("an answer that HTTP cannot carry is a 500", () => {
  test.each<[string, OutgoingResponse]>([
    ["a status that does not exist", { status: 1_000 }],
    ["a header with a line end", { status: 200, headers: { "x-good": "1", "x-bad": "a\r\nset-cookie: b" } }],
  ])("%s", async (_what, response) => {
    const { server } = await start(async () => response);
    const answer = await exchange(server, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 500 /);
    expect(answer).not.toMatch(/set-cookie|x-good/);
  });
});

test("the length of an answer is counted, whatever the handler says", async () => {
  const { server } = await start(async () => ({
    status: 200,
    headers: { "Content-Length": "1" },
    body: Body.ofText("é!"),
  }));
  const answer = await exchange(server, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  expect(answer).toContain("Content-Length: 3\r\n");
  expect(answer.endsWith("\r\n\r\né!")).toBe(true);
});

test("a failed handler is logged under its method and path, without the query", async () => {
  const { server, log } = await start(async () => {
    throw new Error("planted");
  });
  await exchange(server, "GET /hook?token=secret HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  expect(log.map((line) => JSON.parse(line))).toMatchObject([
    { task: "http.GET(/hook)", event: "http.handler.failed", fields: { error: "Error: planted" } },
  ]);
  expect(log.join("")).not.toContain("secret");
});

test("a port that this machine does not have is refused", async () => {
  const { ports } = await start(ok);
  const listening = await ports.http.listen({ host: "192.0.2.1", port: 0, bodyBytesMax: 10 }, ok);
  expect(listening).toMatchObject({ kind: "fail", error: { code: "EINVAL" } });
});
