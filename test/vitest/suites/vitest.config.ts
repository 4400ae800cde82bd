import { defineConfig } from "vitest/config";

// Suites as users write them, run by the tests beside this folder.
export default defineConfig({
  cacheDir: "../../../node_modules/.vite",
  test: { include: ["**/*.suite.ts"] },
});
