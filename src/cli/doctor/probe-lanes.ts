import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../real/type-stripping.ts";
import { probeHistories, type ProbedRun, type ProbeOrder } from "./history-probe.ts";

/** A place in which the same cases must give the same histories. */
export interface ProbeLane {
  readonly name: string;
  probe(order: ProbeOrder): Promise<readonly ProbedRun[]>;
}

const entry = new URL(`probe-entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** The first is what all others are compared with. */
export const probeLanes: readonly ProbeLane[] = [
  { name: "in this process", probe: probeHistories },
  { name: "again in this process", probe: probeHistories },
  { name: "in a fresh thread", probe: inFreshThread },
  { name: "in a fresh process", probe: (order) => inFreshProcess(order, {}) },
  {
    name: "in a fresh process, TZ=Pacific/Chatham, LC_ALL=tr_TR.UTF-8",
    probe: (order) => inFreshProcess(order, { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }),
  },
];

async function inFreshThread(order: ProbeOrder): Promise<readonly ProbedRun[]> {
  keepCodeOfTypeStripping();
  const worker = new Worker(entry, { workerData: order });
  try {
    const [runs] = (await once(worker, "message")) as [readonly ProbedRun[]];
    return runs;
  } finally {
    await worker.terminate();
  }
}

async function inFreshProcess(
  order: ProbeOrder,
  environment: Readonly<Record<string, string>>,
): Promise<readonly ProbedRun[]> {
  const child = fork(fileURLToPath(entry), { env: { ...process.env, ...environment }, execArgv: ["--no-warnings"] });
  try {
    const answered = once(child, "message");
    const ended = once(child, "exit").then(([exitCode, signal]) => {
      throw new Error(`the process ended with ${signal ?? exitCode} before it answered`);
    });
    child.send(order);
    const [runs] = (await Promise.race([answered, ended])) as [readonly ProbedRun[]];
    ended.catch(() => {});
    return runs;
  } finally {
    if (child.exitCode === null) child.kill();
  }
}
