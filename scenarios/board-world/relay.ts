import type { Ports } from "../../src/index.ts";
import { webhookPort } from "./settings.ts";

/** A board has one address for its webhooks. With several servers, a relay passes each delivery on to all of them. */
export async function relay(ports: Ports, servers: number): Promise<void> {
  await ports.http.listen({ port: webhookPort - 1, bodyBytesMax: 1_000_000 }, async (request, own) => {
    const passed = Array.from({ length: servers }, (_, server) =>
      own.fork(`to webhooks-${server + 1}`).http.request({
        name: "relay.pass",
        key: `webhooks-${server + 1}`,
        method: request.method,
        url: `http://127.0.0.1:${webhookPort + server}${request.path}`,
        headers: request.headers,
        body: request.body,
        timeoutMs: 5_000,
      }),
    );
    await Promise.all(passed);
    return { status: 200 };
  });
}
