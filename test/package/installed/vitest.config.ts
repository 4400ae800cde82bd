import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What needs the registry: the packed package, installed into empty projects on every supported Node. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["*.test.ts"],
    pool: "forks",
    globalSetup: ["../../suite/clean-run.ts", "./pack.ts"],
    // npm fetches packages meanwhile.
    testTimeout: 180_000,
    // They share the build, npm's cache, and the Nodes that are fetched when they are missing.
    fileParallelism: false,
    hookTimeout: 180_000,
  },
});
