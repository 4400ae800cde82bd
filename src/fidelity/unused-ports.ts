import { randomInt } from "node:crypto";
import { listens } from "../live/loopback-port.ts";

/**
 * Different ports of 127.0.0.1 on which nobody listens, for processes that begin to later: drawn, so that runs that go on
 * at the same time do not meet, and below those that the system gives to connections.
 */
export async function unusedPorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(firstPort, endPort);
    if (!(await listens(port))) ports.add(port);
  }
  return [...ports];
}

const firstPort = 20_000;
const endPort = 31_000;
