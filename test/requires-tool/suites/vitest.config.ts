import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Suites that are run by the tests beside them. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: { include: ["*.suite.ts"], pool: "forks", globalSetup: ["../skipped-tools.ts"] },
});
