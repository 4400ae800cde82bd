import { defineConfig } from "vitest/config";

// What a run of tests must notice of itself: each suite here passes, and its run has to fail.
export default defineConfig({
  cacheDir: "../../../node_modules/.vite",
  test: { include: ["*.suite.ts"], globalSetup: ["../clean-run.ts"], pool: "forks" },
});
