import { defineConfig } from "vitest/config";

// Suites as users write them, run by the tests beside this folder.
export default defineConfig({ test: { include: ["**/*.suite.ts"] } });
