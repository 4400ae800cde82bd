import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { probeHistories, type ProbeOrder } from "./history-probe.ts";

/** The entry of a fresh thread, which gets its order with its start, or of a fresh process, which gets it as a message. */
if (isMainThread) {
  process.once("message", (order: ProbeOrder) => void answer(order));
} else {
  parentPort!.postMessage(await probeHistories(workerData as ProbeOrder));
}

async function answer(order: ProbeOrder): Promise<void> {
  const runs = await probeHistories(order);
  process.send!(runs, () => process.disconnect());
}
