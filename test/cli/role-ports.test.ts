import { expect, test } from "vitest";
import { Monitor } from "../../src/cli/serve/monitor.ts";
import { RolePorts } from "../../src/cli/serve/role-ports.ts";
import { realPorts } from "../../src/real/real-ports.ts";

test("a server that its role left open is closed when the role is given up", async () => {
  const [work, board, all] = [new AbortController(), new AbortController(), new AbortController()];
  const breakOff = { work: work.signal, board: board.signal, all: all.signal };
  const monitor = new Monitor(1_000);
  const ports = new RolePorts(realPorts({ log: () => {} }), { role: "webhook", boardUrl: "", monitor, breakOff });
  const server = await ports.http.listen({ port: 0, bodyBytesMax: 10 }, () => Promise.resolve({ status: 200 }));
  if (server.kind !== "ok") throw new Error(server.error.message);
  const url = `http://127.0.0.1:${server.value.port}/`;
  expect((await fetch(url, { headers: { connection: "close" } })).status).toBe(200);
  all.abort();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});
