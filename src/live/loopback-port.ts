import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * A port of 127.0.0.1 on which nobody listens, for somebody who begins to later: below those that the system gives to
 * connections, so that none of them takes it meanwhile.
 */
export async function freePort(): Promise<number> {
  const first = firstPort + (process.pid % portCount);
  for (let tried = 0; tried < portCount; tried++) {
    const port = firstPort + ((first - firstPort + tried * stride) % portCount);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${firstPort} to ${firstPort + portCount - 1} is free`);
}

/** Whether somebody takes connections there. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

const firstPort = 20_000;
/** A prime, so that every stride comes to all of them. */
const portCount = 11_003;
const stride = 7;
