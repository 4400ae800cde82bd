import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The examples with packages of their own, which `npm ci` puts into their folders; the others run with all other tests. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["*.suite.ts"],
    pool: "forks",
    globalSetup: ["../suite/clean-run.ts"],
    // No test is about time; a busy machine may take long.
    testTimeout: 120_000,
  },
});
