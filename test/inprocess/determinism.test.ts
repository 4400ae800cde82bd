import * as fc from "fast-check";
import { expect, test } from "vitest";
import { git } from "../../src/fakes.ts";
import { kanboard } from "../../src/index.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { scenarioOf } from "./project.ts";

/** Does a bit of everything, several chains at a time. */
const busy = `
  import { createServer } from "node:http";
  import { mkdir, readdir, writeFile } from "node:fs/promises";
  import { execFile } from "node:child_process";
  import { promisify } from "node:util";
  import { setTimeout as sleep } from "node:timers/promises";
  import { randomUUID } from "node:crypto";
  const call = async (method: string, params: object) => (await (await fetch("http://board.test/jsonrpc.php", {
    method: "POST", headers: { authorization: \`Basic \${btoa("jsonrpc:board-token")}\` },
    body: JSON.stringify({ jsonrpc: "2.0", id: randomUUID(), method, params }), signal: AbortSignal.timeout(2_000 + Math.random() * 3_000) })).json()).result;
  const work = async (by: string) => {
    try {
      const cards = await call("getAllTasks", { project_id: 1 });
      await Promise.all(cards.map(async ({ id }: { id: number }) => {
        await writeFile(\`state/\${id}-\${by}\`, String(Date.now()));
        await sleep(Math.random() * 50);
        await call("createComment", { task_id: id, user_id: 1, content: \`\${by} \${Math.random()}\` });
      }));
      console.log(by, (await readdir("state")).length, await promisify(execFile)("git", ["--version"]));
    } catch (error) { console.error(by, error); }
  };
  await mkdir("state", { recursive: true });
  createServer((request, response) => { request.resume().on("end", () => void work("webhook").then(() => response.end())); }).listen(3000);
  setInterval(() => void work("poller"), 700);`;

test("a case gives one history, whatever strategy found it and whatever went wrong", async () => {
  installGuards();
  const board = kanboard({
    cards: [{ title: "a" }, { title: "b" }],
    webhook: { url: "http://127.0.0.1:3000/", token: "t", timeLimitMs: 300 },
  });
  const scenario = scenarioOf(
    { "main.ts": busy },
    {
      programs: [git()],
      services: [board],
      drive: async (ports) => void (await ports.clock.sleep(2_500)),
      faults: { families: ["delivery", "disk", "program", "crash", "clock"], faultsMax: 4, faultsUntilMs: 2_000 },
    },
  );
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const struck = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), (seed) =>
      inMacrotask(() => {
        const plan = explorer.plan(seed);
        const found = runCaseNow(scenario, plan.case, plan.exploration);
        const realised = found.realised();
        for (const { kind } of realised.faults) struck.add(kind);
        const again = runCaseNow(scenario, realised);
        expect(found.verdict.kind).toBe("held");
        expect(again.unused).toEqual([]);
        expect(again.history.hash()).toBe(found.history.hash());
      }),
    ),
    { numRuns: 60 },
  );
  expect(struck.size).toBeGreaterThan(5);
});
