import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Hands every request on to another server on this machine, and keeps what it was. */
export class RecordingProxy {
  readonly seen: SeenRequest[] = [];
  port = 0;

  private readonly server = createServer((request, response) => {
    void (async () => {
      const { method = "", url: path = "" } = request;
      const body = await text(request);
      this.seen.push({ method, path, body });
      const headers = { authorization: request.headers.authorization ?? "" };
      const init = method === "GET" ? { method, headers } : { method, headers, body };
      const answer = await fetch(`http://127.0.0.1:${this.targetPort}${path}`, init);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(await answer.text());
    })();
  });
  private readonly targetPort: number;

  constructor(targetPort: number) {
    this.targetPort = targetPort;
  }

  async start(): Promise<this> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }
}
