import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What needs a real Chromium: CHROMIUM names another than the one on PATH. Pages are opened from files. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // One browser at a time: what is measured should not wait for another one.
  test: {
    include: ["**/*.test.ts"],
    pool: "forks",
    globalSetup: ["../suite/clean-run.ts", "../requires-tool/skipped-tools.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
