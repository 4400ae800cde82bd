import { expect, test } from "vitest";
import { Explorer } from "../../../src/explore/explorer.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { boardScenario } from "../board-world.ts";
import { small } from "../play.ts";
import { wrapHttp } from "../wrapped-http.ts";

const serverAlone = { ...small, pollers: 0, webhook: true, failuresAllowed: false };

test("a webhook server without a poller works every card although it never hears of any", async () => {
  let lost = 0;
  const deaf = boardScenario({
    ...serverAlone,
    ports: (ports) =>
      wrapHttp(ports, {
        handler: () => () => {
          lost++;
          return Promise.resolve({ status: 200 });
        },
      }),
  });
  await inMacrotask(() => {
    const plan = new Explorer(deaf, "first-due", runCaseNow).plan(0);
    expect(runCaseNow(deaf, plan.case, plan.exploration).verdict).toEqual({ kind: "held" });
  });
  expect(lost).toBeGreaterThan(10);
});

test("a webhook server without a poller survives lost, late and doubled events, and its own death", async () => {
  const scenario = boardScenario({ ...serverAlone, faults: { families: ["delivery", "crash", "board"] } });
  await inMacrotask(() => {
    const explorer = new Explorer(scenario, "random", runCaseNow);
    for (let seed = 0; seed < 40; seed++) {
      const plan = explorer.plan(seed);
      expect([seed, runCaseNow(scenario, plan.case, plan.exploration).verdict]).toEqual([seed, { kind: "held" }]);
    }
  });
});
