import { defineConfig } from "vitest/config";

// Two projects over one suite.
export default defineConfig({
  cacheDir: "../../../node_modules/.vite",
  test: {
    projects: ["one", "two"].map((name) => ({ test: { name, include: ["**/racy.suite.ts"] } })),
  },
});
