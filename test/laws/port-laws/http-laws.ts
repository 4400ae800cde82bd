import { expect } from "vitest";
import { Body } from "../../../src/base/body.ts";
import type { HttpHandler, HttpRequest, HttpServer } from "../../../src/ports/http.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { expectFail, expectUnknown, valueOf } from "./expect-result.ts";
import { describePortLaws, type Differences, type PortImplementation, type PortLaw } from "./port-law.ts";

/** All on the loopback address of one host: a process that serves, and asks itself. */
export function httpLaws(implementation: PortImplementation, differences: Differences = {}): void {
  describePortLaws("HTTP", [...exchanges, ...limits, ...listening], implementation, differences);
}

const exchanges: readonly PortLaw[] = [
  {
    title: "method, path, headers and body reach the handler, and status, headers and body come back",
    async check(ports) {
      const server = await serve(ports, async (request) => ({
        status: 201,
        headers: { "content-type": "text/plain", "x-seen": request.headers["x-given"] ?? "nothing" },
        body: Body.ofText(`${request.method} ${request.path} ${request.body.text()}`),
      }));
      const answer = valueOf(
        await ask(ports, server, {
          method: "PUT",
          path: "/a/b?token=x&y=%20z",
          headers: { "x-given": "value", "content-type": "text/plain" },
          body: Body.ofText("é 😀\r\nline"),
        }),
      );
      expect(answer.status).toBe(201);
      expect(answer.headers).toMatchObject({ "content-type": "text/plain", "x-seen": "value" });
      expect(answer.body.text()).toBe("PUT /a/b?token=x&y=%20z é 😀\r\nline");
      await server.close();
    },
  },
  {
    title: "JSON goes through both ways",
    async check(ports) {
      const server = await serve(ports, async (request) => ({
        status: 200,
        body: Body.ofJson({ got: request.body.json() }),
      }));
      const body = Body.ofJson({ list: [1, "two", null], nested: { é: true } });
      const answer = valueOf(await ask(ports, server, { method: "POST", body }));
      expect(answer.body.json()).toEqual({ got: { list: [1, "two", null], nested: { é: true } } });
      await server.close();
    },
  },
  {
    title: "a request and an answer without a body have an empty one",
    async check(ports) {
      const bodies: string[] = [];
      const server = await serve(ports, async (request) => {
        bodies.push(request.body.text());
        return { status: 200 };
      });
      for (const method of ["GET", "POST", "DELETE"]) {
        bodies.push(valueOf(await ask(ports, server, { method, key: method })).body.text());
      }
      expect(bodies).toEqual(["", "", "", "", "", ""]);
      await server.close();
    },
  },
  {
    title: "any status is an answer, and a redirect is not followed",
    async check(ports) {
      const paths: string[] = [];
      const server = await serve(ports, async ({ path }) => {
        paths.push(path);
        return { status: Number(path.slice(1)), headers: { location: "/200" } };
      });
      const statuses = [200, 204, 301, 302, 304, 307, 400, 404, 429, 500, 503];
      for (const status of statuses) {
        const answer = valueOf(await ask(ports, server, { path: `/${status}` }));
        expect(answer.status).toBe(status);
        expect(answer.headers["location"]).toBe("/200");
        expect(answer.body.text()).toBe("");
      }
      expect(paths).toEqual(statuses.map((status) => `/${status}`));
      await server.close();
    },
  },
  {
    title: "a handler that rejects answers 500, and the next request is served",
    async check(ports) {
      const server = await serve(ports, async ({ path }) => {
        if (path === "/bad") throw new Error("planted");
        return { status: 200 };
      });
      const bad = valueOf(await ask(ports, server, { path: "/bad" }));
      expect(bad.status).toBe(500);
      expect(bad.body.text()).not.toContain("planted");
      expect(valueOf(await ask(ports, server, { path: "/good" })).status).toBe(200);
      await server.close();
    },
  },
  {
    title: "two requests are handled at once",
    async check(ports) {
      let release!: () => void;
      const bothArrived = new Promise<void>((resolve) => {
        release = resolve;
      });
      let arrived = 0;
      const server = await serve(ports, async ({ path }) => {
        arrived++;
        if (arrived === 2) release();
        await bothArrived;
        return { status: 200, body: Body.ofText(path) };
      });
      const answers = await Promise.all(
        ["/one", "/two"].map((path) => ask(ports.fork(path.slice(1)), server, { path })),
      );
      expect(answers.map((answer) => valueOf(answer).body.text())).toEqual(["/one", "/two"]);
      await server.close();
    },
  },
  {
    title: "a handler waits, and asks others, through the handle it is given",
    async check(ports) {
      const inner = await serve(ports, async () => ({ status: 200, body: Body.ofText("inner") }));
      const outer = await serve(ports, async (_request, own) => {
        await own.clock.sleep(5);
        const answer = valueOf(await ask(own, inner, { path: "/inner" }));
        return { status: 200, body: Body.ofText(`outer of ${answer.body.text()}`) };
      });
      expect(valueOf(await ask(ports, outer, {})).body.text()).toBe("outer of inner");
      await outer.close();
      await inner.close();
    },
  },
];

const limits: readonly PortLaw[] = [
  {
    title: "no answer within the time limit is ETIMEDOUT, and unknown: the handler still acts",
    async check(ports) {
      let act!: () => void;
      const acted = new Promise<void>((resolve) => {
        act = resolve;
      });
      const server = await serve(ports, async (_request, own) => {
        await own.clock.sleep(200);
        act();
        return { status: 200 };
      });
      expectUnknown(await ask(ports, server, { timeoutMs: 100 }), "ETIMEDOUT");
      await acted;
      await server.close();
    },
  },
  {
    title: "an abort on the way is ABORTED, and unknown",
    async check(ports) {
      const stopping = new AbortController();
      const server = await serve(ports, async (_request, own) => {
        stopping.abort();
        await own.clock.sleep(50);
        return { status: 200 };
      });
      expectUnknown(await ask(ports, server, { signal: stopping.signal }), "ABORTED");
      await server.close();
    },
  },
  {
    title: "an abort before the start is ABORTED, and nothing is sent",
    async check(ports) {
      let requests = 0;
      const server = await serve(ports, async () => {
        requests++;
        return { status: 200 };
      });
      expectFail(await ask(ports, server, { signal: AbortSignal.abort() }), "ABORTED");
      await ports.clock.sleep(20);
      expect(requests).toBe(0);
      await server.close();
    },
  },
  {
    title: "a body over the limit, counted in bytes, is answered 413 and never reaches the handler",
    async check(ports) {
      const bodies: string[] = [];
      const server = await serve(
        ports,
        async (request) => {
          bodies.push(request.body.text());
          return { status: 200 };
        },
        { bodyBytesMax: 10 },
      );
      const statuses: number[] = [];
      for (const text of ["x".repeat(10), "x".repeat(11), "é".repeat(5), "é".repeat(6), "x".repeat(300_000)]) {
        const body = Body.ofText(text);
        const answer = await ask(ports, server, { method: "POST", key: String(text.length), body });
        statuses.push(valueOf(answer).status);
      }
      expect(statuses).toEqual([200, 413, 200, 413, 413]);
      expect(bodies).toEqual(["x".repeat(10), "é".repeat(5)]);
      await server.close();
    },
  },
];

const listening: readonly PortLaw[] = [
  {
    title: "a port where nobody listens any more refuses: ECONNREFUSED, and the request did not leave",
    async check(ports) {
      const server = await serve(ports, async () => ({ status: 200 }));
      expect(valueOf(await ask(ports, server, {})).status).toBe(200);
      await server.close();
      expectFail(await ask(ports, server, { key: "again" }), "ECONNREFUSED");
    },
  },
  {
    title: "a port that is taken is EADDRINUSE, and free again after its close",
    async check(ports) {
      const first = await serve(ports, async () => ({ status: 200 }));
      const { port } = first;
      const options = { port, bodyBytesMax: 10 };
      expectFail(await ports.http.listen(options, async () => ({ status: 200 })), "EADDRINUSE");
      await first.close();
      const second = valueOf(await ports.http.listen(options, async () => ({ status: 204 })));
      expect(second.port).toBe(port);
      expect(valueOf(await ask(ports, second, {})).status).toBe(204);
      await second.close();
    },
  },
  {
    title: "any free port is another one each time",
    async check(ports) {
      const first = await serve(ports, async () => ({ status: 200, body: Body.ofText("first") }));
      const second = await serve(ports, async () => ({ status: 200, body: Body.ofText("second") }));
      expect(second.port).not.toBe(first.port);
      expect(valueOf(await ask(ports, first, {})).body.text()).toBe("first");
      expect(valueOf(await ask(ports, second, {})).body.text()).toBe("second");
      await first.close();
      await second.close();
    },
  },
  {
    title: "a close waits for the requests in progress, and they are answered",
    async check(ports) {
      const steps: string[] = [];
      let started!: () => void;
      const handling = new Promise<void>((resolve) => {
        started = resolve;
      });
      const server = await serve(ports, async (_request, own) => {
        started();
        await own.clock.sleep(50);
        steps.push("handled");
        return { status: 200 };
      });
      const asking = ask(ports.fork("asking"), server, {});
      await handling;
      await Promise.all([server.close(), server.close()]);
      steps.push("closed");
      expect(valueOf(await asking).status).toBe(200);
      expect(steps).toEqual(["handled", "closed"]);
    },
  },
];

async function serve(ports: Ports, handler: HttpHandler, options: { bodyBytesMax?: number } = {}): Promise<HttpServer> {
  return valueOf(await ports.http.listen({ port: 0, bodyBytesMax: options.bodyBytesMax ?? 1_000_000 }, handler));
}

interface Asked extends Partial<Omit<HttpRequest, "url">> {
  readonly path?: string;
}

function ask(ports: Ports, server: HttpServer, { path = "/", ...rest }: Asked): ReturnType<Ports["http"]["request"]> {
  const url = `http://127.0.0.1:${server.port}${path}`;
  return ports.http.request({ method: "GET", url, timeoutMs: 10_000, ...rest });
}
