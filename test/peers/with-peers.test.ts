import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MissingPeer, withPeers } from "../../src/peers/with-peers.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest;

/** As Node's loader says it. */
function notFound(name: string): Error {
  const message = `Cannot find package '${name}' imported from /project/node_modules/stormlane/dist/src/door.js`;
  return Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
}

test("what is there is loaded", async () => {
  expect(await withPeers("stormlane worker", ["bullmq"], () => Promise.resolve("loaded"))).toBe("loaded");
});

test("a package that is missing is named with the command that installs it", async () => {
  await expect(withPeers("stormlane/msw", ["msw"], () => Promise.reject(notFound("msw")))).rejects.toEqual(
    new MissingPeer("stormlane/msw", ["msw"]),
  );
  expect(new MissingPeer("stormlane/msw", ["msw"]).message).toBe(
    "stormlane/msw: needs msw, which is not installed (an optional package); " +
      `run: npm install msw@${manifest.peerDependencies["msw"]}`,
  );
});

test("the command installs all that the feature needs, whichever was missed first", async () => {
  const load = () => Promise.reject(notFound("ioredis"));
  await expect(withPeers("stormlane worker", ["bullmq", "ioredis"], load)).rejects.toThrow(
    /^stormlane worker: needs bullmq and ioredis, which are not .*run: npm install bullmq@\S+ ioredis@\S+$/,
  );
});

test.each([
  ["another package", notFound("bullmq-pro")],
  ["a file of our own", Object.assign(new Error("Cannot find module '/a.js'"), { code: "ERR_MODULE_NOT_FOUND" })],
  ["an error of the package while it loads", new TypeError("no such class")],
])("%s that is missing or broken is told as it is", async (_what, error) => {
  await expect(withPeers("stormlane worker", ["bullmq", "ioredis"], () => Promise.reject(error))).rejects.toBe(error);
});

test("every peer is optional, is what the tests run with, and is not installed with the package", () => {
  const peers = Object.keys(manifest.peerDependencies);
  expect(peers).toEqual(["bullmq", "ioredis", "msw", "vitest"]);
  for (const peer of peers) {
    expect(manifest.peerDependenciesMeta[peer], peer).toEqual({ optional: true });
    expect(manifest.devDependencies, peer).toHaveProperty([peer]);
    expect(manifest.dependencies, peer).not.toHaveProperty([peer]);
    // A caret and a version: nothing that a shell would take for its own.
    expect(manifest.peerDependencies[peer], peer).toMatch(/^\^\d+\.\d+\.\d+$/);
  }
});
