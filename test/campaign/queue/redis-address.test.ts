import { expect, test } from "vitest";
import { parseRedisAddress } from "../../../src/campaign/queue/redis-address.ts";

test("an address has a host, a port, and a prefix of its own", () => {
  expect(parseRedisAddress("redis://queue")).toMatchObject({
    options: { host: "queue", port: 6379 },
    prefix: "stormlane",
    text: "redis://queue:6379/stormlane",
  });
  expect(parseRedisAddress("redis://[::1]:7000/night")).toMatchObject({
    options: { host: "::1", port: 7000 },
    prefix: "night",
  });
});

test("a password is used and never printed", () => {
  const address = parseRedisAddress("rediss://me:s%40cret@queue:1/a");
  expect(address).toMatchObject({ options: { username: "me", password: "s@cret", tls: {} } });
  expect(address).toMatchObject({ text: "rediss://queue:1/a" });
});

test.each(["http://queue", "queue:6379", "redis://", "redis://queue/a/b", "redis://queue/a?db=1", "redis://:%@queue"])(
  "%s is no address",
  (text) => {
    expect(parseRedisAddress(text)).toHaveProperty("why");
  },
);
