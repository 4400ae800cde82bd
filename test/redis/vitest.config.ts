import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What needs a real Redis: each test starts a redis-server of its own on 127.0.0.1. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["*.test.ts"],
    pool: "forks",
    globalSetup: ["../suite/clean-run.ts", "../requires-tool/skipped-tools.ts"],
    testTimeout: 60_000,
    // A free port is asked for first, and taken afterwards.
    fileParallelism: false,
  },
});
