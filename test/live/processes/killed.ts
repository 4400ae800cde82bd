import { fileURLToPath } from "node:url";
import { FirstCome } from "../../../src/live/chooser.ts";
import { readLiveConfig } from "../../../src/live/live-config.ts";
import { runLive } from "../../../src/live/live-run.ts";
import type { People } from "../../../src/live/people.ts";
import { plannedOnce } from "./planned-once.ts";

// A run that is killed in its middle, when its process is there.
const worker = fileURLToPath(new URL("claims.mjs", import.meta.url));
const reading = readLiveConfig({
  processes: { deaf: { command: [process.execPath, worker, "deaf"], env: { WHO: process.argv[2]! } } },
  invariants: [plannedOnce],
  people: async ({ call, wait }: People) => {
    while ((await call("getTaskMetadataByName", { task_id: 1, name: "planned" })) !== "yes") await wait(20);
    process.kill(process.pid, "SIGKILL");
  },
});
if (reading.kind === "wrong") throw new Error(reading.problems.join());
await runLive({
  plan: reading.plan,
  scenario: { board: { projects: [{ name: "shop", cards: [{ title: "Log in" }] }] } },
  ...{ scenarioFile: null, workspace: undefined, chooser: new FirstCome(), faults: [], seed: 1, version: "test" },
});
