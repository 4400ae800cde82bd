import { expect, test } from "vitest";
import { builtInScenarios } from "../../scenarios/index.ts";
import { attemptOf } from "../../src/shrink/attempt.ts";
import type { Case } from "../../src/sim/case.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";

const partialSpawn = builtInScenarios.find(({ name }) => name === "partial-spawn")!;

/** One poller alone, whose first step waits for another. */
function waitingFor(site: string): Case {
  return {
    scenario: partialSpawn.name,
    drawSeed: 1,
    workload: {
      epics: [
        { reference: "EPIC-1", dirname: "epic-1", title: "Epic 1", description: "A small thing, in small ", prd: {} },
      ],
      journey: "fan-out",
      pollers: 1,
      webhookServers: 0,
      pollIntervalMs: 20000,
      mandatoryFields: false,
      coderNeedsTries: 1,
      slips: [],
    },
    faults: [],
    preemptions: [{ site: "poller-a@0/tick 0/disk.makeFolder(approvals)#0", step: 0, until: { site, step: 0 } }],
    delays: [],
  };
}

async function signatureWaitingFor(site: string): Promise<{ readonly plain: string; readonly attempted: string }> {
  const input = waitingFor(site);
  const outcome = await runCase(partialSpawn, input);
  const plain = signatureOf(outcome.verdict);
  return { plain, attempted: attemptOf(input, outcome, plain).signature };
}

test("a failure of a system whose step waited to the end for one that never came is no failure of the system", async () => {
  const { plain, attempted } = await signatureWaitingFor("poller-b@0/tick 0/disk.makeFolder(approvals)#0");
  expect(plain).toMatch(/^V1: /);
  expect(attempted).toBe(`held to the end: ${plain}`);
});

test("one that waited for a step that came is judged as it is", async () => {
  const { plain, attempted } = await signatureWaitingFor("people@0/main/board.getBoard(AgentLeeOps)#0");
  expect(plain).toBe("held");
  expect(attempted).toBe(plain);
});
