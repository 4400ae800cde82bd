import type { ExecutorFactory } from "../campaign/task.ts";
import { withPeers } from "../peers/with-peers.ts";
import type { Host } from "./host.ts";
import { wrongValue } from "./option-values.ts";
import { readRedisAddress } from "./redis-option.ts";
import { threadsEngine } from "./threads-engine.ts";

/** Who computes a campaign, by the value of `--engine`. */
export function engineNamed(text: string, host: Pick<Host, "writeError">): ExecutorFactory {
  if (text === "threads") return threadsEngine;
  if (/^rediss?:/.test(text)) {
    const address = readRedisAddress("--engine", text);
    return async (request) => {
      const load = () => import("./redis-engine.ts");
      const { startRedisEngine } = await withPeers("--engine redis", ["bullmq", "ioredis"], load);
      return startRedisEngine(address, request, host);
    };
  }
  throw wrongValue("--engine", text, "there is no such engine", "use threads, or redis://host:6379/prefix");
}
