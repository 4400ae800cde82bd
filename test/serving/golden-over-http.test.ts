import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Body } from "../../src/base/body.ts";
import type { HttpRequest, OutgoingResponse } from "../../src/ports/http.ts";
import { startServing, type Serving } from "../../src/serving/serving.ts";
import {
  compareCall,
  loadGolden,
  replay,
  type Difference,
  type Golden,
  type GoldenCall,
  type HookBehaviour,
} from "../fakes/kanboard/golden.ts";

const names = [
  "a01-protocol",
  "a02-projects",
  "a03-columns-swimlanes",
  "a04-tasks",
  "a05-positions",
  "a06-tags",
  "a07-metadata",
  "a08-links",
  "a09-comments-subtasks",
  "a10-files",
  "a11-users-permissions",
  "a12-search-board-overdue",
  "a13-across-projects",
  "a14-webhooks",
  "a15-webhook-failures",
  "a16-webhook-off",
  "a17-agent-board",
  "a18-random-1",
  "a19-random-2",
];

let serving: Serving;
let receiver: Receiver;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  serving = await startServing({ ports: { board: 0, model: 0, control: 0 } });
  receiver = await Receiver.listen();
});

afterAll(async () => {
  agent.destroy();
  await serving.close();
  receiver.close();
});

test.each(names)("%s agrees over sockets as it does in one process", { timeout: 60_000 }, async (name) => {
  const golden = loadGolden(name);
  const inProcess = replay(golden);
  const served = await replayOverHttp(golden);
  expect(served.differences).toEqual(inProcess.differences.map(({ n }) => expect.objectContaining({ n }) as unknown));
  expect(served.webhooks).toBe(inProcess.webhooks);
});

async function replayOverHttp(golden: Golden): Promise<{ differences: readonly Difference[]; webhooks: number }> {
  const { config } = golden;
  const webhook =
    config.webhook_path === null
      ? null
      : {
          url: `http://127.0.0.1:${receiver.port}${config.webhook_path}`,
          token: config.webhook_token,
          timeLimitMs: config.http_timeout * 1000,
        };
  await control("/reset", { state: "factory", board: { apiToken: config.api_token, webhook } });
  receiver.behaviour = { mode: "ok" };
  const differences: Difference[] = [];
  let webhooks = 0;
  for (const line of golden.lines) {
    if ("behaviour" in line) {
      receiver.behaviour = line.behaviour;
      continue;
    }
    // It stands still, since a call that was sent just before the end of a recorded second ended before it.
    await control("/clock", { nowMs: Math.round(line.t * 1000), stopped: true });
    receiver.received = [];
    const response = await send(line);
    webhooks += receiver.received.length;
    const what = compareCall(line, response, receiver.received, golden.epochs);
    if (what !== undefined) differences.push({ n: line.n, method: line.method, what });
  }
  return { differences, webhooks };
}

async function control(path: string, body: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${serving.ports.control}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  expect(await response.text()).not.toContain("error");
  expect(response.status).toBe(200);
}

/** With `node:http`, since `fetch` sends no body with GET. */
async function send({ req }: GoldenCall): Promise<OutgoingResponse> {
  const auth = req.auth === null ? {} : { auth: req.auth };
  const request = httpRequest({
    agent,
    host: "127.0.0.1",
    port: serving.ports.board,
    method: req.method,
    path: req.path,
    headers: { ...req.headers, "content-length": Buffer.byteLength(req.body) },
    ...auth,
  });
  request.end(req.body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  return { status: response.statusCode ?? 0, headers, body: Body.ofText(withoutOrigin(await text(response))) };
}

/** Where a server is served counts for nothing in its links to itself. */
function withoutOrigin(body: string): string {
  return body.replaceAll(`127.0.0.1:${serving.ports.board}`, "localhost");
}

/** The endpoint that webhooks go to, behaving as the recorded one did. */
class Receiver {
  behaviour: HookBehaviour["behaviour"] = { mode: "ok" };
  received: HttpRequest[] = [];

  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = "", url = "" } = request;
        const headers = request.headers as Record<string, string>;
        this.received.push({
          method,
          url: `http://receiver.test${url}`,
          headers,
          body: Body.ofText(withoutOrigin(body)),
          timeoutMs: 0,
        });
        const { mode, status = 200, delay_ms: delayMs } = this.behaviour;
        if (mode === "drop") request.socket.destroy();
        else if (mode === "redirect") response.writeHead(302, { location: "/elsewhere" }).end();
        // An endpoint that is slower than the time limit need never answer; a little slow is as good as at once.
        else if (delayMs === undefined || delayMs < 1_000) response.writeHead(status).end();
      });
    });
  }

  static async listen(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.listen(0, "127.0.0.1");
    await once(receiver.server, "listening");
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
