import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Programs under test, not tests.
    exclude: [
      "test/fixtures/**",
      "test/clients/**",
      "test/redis/**",
      "test/browser/**",
      "test/package/installed/**",
      "test/terminal/**",
      "test/known-bugs/**",
    ],
    globalSetup: ["test/suite/clean-run.ts", "test/requires-tool/skipped-tools.ts"],
    setupFiles: ["test/suite/seeded-properties.ts"],
    // Guards replace globals of the process that runs them.
    pool: "forks",
    // The main process only waits: on two processors two run.
    maxWorkers: "100%",
    // No test is about time; a busy machine may take long.
    testTimeout: 30_000,
  },
});
