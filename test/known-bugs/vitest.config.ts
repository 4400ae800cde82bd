import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Known bugs in packages of the registry. They need packages that the project itself does not: see package.json here. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["*.test.ts"],
    // Guards replace globals of the process that runs them.
    pool: "forks",
    globalSetup: ["../suite/clean-run.ts"],
    // No test is about time; a busy machine may take long.
    testTimeout: 120_000,
  },
});
