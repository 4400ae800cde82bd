import * as fc from "fast-check";
import { git } from "../../../fakes/cli/git/git.ts";
import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { defineScenario } from "../../../src/define/scenario.ts";
import { kanboard } from "../../../src/define/services.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { RecordedRun } from "../../../src/review/foot-guns/foot-gun.ts";
import { runCase } from "../../../src/sim/run-case.ts";

export interface SmallSystem {
  /** The only process, beside what people do. */
  readonly worker: (ports: Ports) => Promise<void>;
  readonly people?: (ports: Ports) => Promise<void>;
}

/** A run of a process that someone wrote in an afternoon: a board with ten cards, and git. */
export async function runOf({ worker, people }: SmallSystem): Promise<RecordedRun> {
  const cards = Array.from({ length: 10 }, (_, index) => ({ title: `Card ${index + 1}` }));
  const scenario = defineScenario({
    name: "small",
    workload: fc.constant({}),
    services: [kanboard({ cards })],
    programs: [git()],
    system: { worker },
    ...(people === undefined ? {} : { drive: people }),
    invariants: [],
  });
  const input = { scenario: "small", drawSeed: 1, workload: {}, faults: [], preemptions: [], delays: [] };
  const { history, verdict } = await runCase(scenario, input);
  if (verdict.kind !== "held") throw new Error(`the system does not run: ${JSON.stringify(verdict)}`);
  return { scenario: "small", seed: 1, events: history.events };
}

/** One call of the board, known to the history by its method and what it is about. @returns whether it was answered */
export async function callBoard(ports: Ports, method: string, params: JsonObject, key = "Board"): Promise<boolean> {
  const answer = await ports.http.request({
    name: `board.${method}`,
    key,
    method: "POST",
    url: "http://board.test/jsonrpc.php",
    headers: { authorization: `Basic ${Buffer.from("jsonrpc:board-token").toString("base64")}` },
    body: Body.ofJson({ jsonrpc: "2.0", id: 1, method, params }),
    timeoutMs: 10_000,
  });
  return answer.kind === "ok";
}

export async function readCard(ports: Ports, id: number): Promise<void> {
  await callBoard(ports, "getTask", { task_id: id }, `Card ${id}`);
}
