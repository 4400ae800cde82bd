import { parseRedisAddress, type RedisAddress } from "../campaign/queue/redis-address.ts";
import { UsageError } from "./usage-error.ts";

/** @param name what the user calls it */
export function readRedisAddress(name: string, text: string): RedisAddress {
  const address = parseRedisAddress(text);
  if ("why" in address) {
    throw new UsageError({
      what: `${name} ${text.replace(/\/\/[^@/]*@/, "//…@")}`,
      why: `it is ${address.why}`,
      fix: "write it as redis://host:6379/prefix",
    });
  }
  return address;
}
