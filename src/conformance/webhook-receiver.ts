import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { HookBehaviour, RecordedHook } from "./recording.ts";

/** The endpoint on loopback that a server sends its webhooks to. It behaves as the recorded one did. */
export class WebhookReceiver {
  behaviour: HookBehaviour = { mode: "ok" };

  private readonly server: Server;
  private received: RecordedHook[] = [];
  private sinceMs = 0;

  private constructor() {
    this.server = createServer((request, response) => void this.receive(request, response));
  }

  /** @param port 0 = any free one. @throws NodeJS.ErrnoException when it cannot be had */
  static async listen(port: number): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    receiver.server.listen(port, "127.0.0.1");
    await once(receiver.server, "listening");
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on webhooks belong to a new call. */
  beginCall(): void {
    this.received = [];
    this.sinceMs = Date.now();
  }

  /** Those that arrived since, in order. */
  get hooks(): readonly RecordedHook[] {
    return [...this.received];
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = (Date.now() - this.sinceMs) / 1000;
    let body: string;
    try {
      body = await text(request);
    } catch {
      // Cut off on the way: nothing was delivered.
      return;
    }
    const { method = "", url = "" } = request;
    this.received.push({ method, url, headers: plainHeaders(request), body, at, before_reply: true });
    const { mode, status = 200, body: answer = "", delay_ms: delayMs = 0, location = "/" } = this.behaviour;
    const reply = (): void => {
      if (mode === "drop") request.socket.destroy();
      else if (mode === "redirect") response.writeHead(302, { location }).end();
      else response.writeHead(status).end(answer);
    };
    if (delayMs === 0) reply();
    else setTimeout(reply, delayMs).unref();
  }
}

/** By lower-case name; several of one name are joined. */
export function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return plain;
}
