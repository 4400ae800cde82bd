import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [fileURLToPath(new URL("peer.tests.ts", import.meta.url))],
    maxWorkers: 1,
    // As the installed package would be: Node's own loader has it, and no test loads it anew.
    server: { deps: { external: [/\/src\//] } },
  },
});
