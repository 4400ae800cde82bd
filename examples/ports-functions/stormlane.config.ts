import { defineConfig } from "stormlane";

export default defineConfig({ scenarios: "scenarios/*.scenario.ts", seeds: 500 });
