import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What needs a real terminal: each test has a screen of tmux to itself, and fails with a word where tmux is missing. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["*.test.ts"],
    pool: "forks",
    globalSetup: ["../suite/clean-run.ts", "../requires-tool/skipped-tools.ts"],
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
