import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import { parseRedisAddress, type RedisAddress } from "../../src/campaign/queue/redis-address.ts";

/** A redis-server that keeps nothing over a restart. It ends with the test. */
export class RedisServer {
  readonly port: number;
  private readonly folder = mkdtempSync(join(tmpdir(), "stormlane-redis-"));
  private child: ChildProcess | undefined;

  static async start(): Promise<RedisServer> {
    if (spawnSync("redis-server", ["--version"]).error !== undefined) {
      throw new Error("redis-server is not installed; install it, as with `apt-get install redis-server`");
    }
    const server = new RedisServer(await freePort());
    onTestFinished(async () => {
      await server.kill();
      rmSync(server.folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  private constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/test`;
  }

  get address(): RedisAddress {
    return parseRedisAddress(this.url) as RedisAddress;
  }

  /** A connection for looking in. It ends with the test. */
  client(): Redis {
    const redis = new Redis(this.port, "127.0.0.1");
    redis.on("error", () => {});
    onTestFinished(() => redis.disconnect());
    return redis;
  }

  async start(): Promise<void> {
    const args = ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", "--dir", this.folder];
    this.child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
    for await (const chunk of this.child.stdout!) {
      if (String(chunk).includes("Ready to accept connections")) break;
    }
  }

  /** With all that it holds. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
