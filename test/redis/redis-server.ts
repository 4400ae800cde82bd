import { spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import { parseRedisAddress, type RedisAddress } from "../../src/campaign/queue/redis-address.ts";
import { freePort, kill, startRedis } from "../../tools/queue/redis.ts";

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
    this.child = await startRedis(this.port, this.folder);
  }

  /** With all that it holds. */
  async kill(): Promise<void> {
    if (this.child !== undefined) await kill(this.child);
  }
}
