import { parentPort, workerData } from "node:worker_threads";
import { CallCounts } from "../../../src/serving/executable/call-counts.ts";

/** Takes so many numbers of one count, and tells them. */
const { folder, times } = workerData as { readonly folder: string; readonly times: number };
const counts = new CallCounts(folder);
parentPort!.postMessage(Array.from({ length: times }, () => counts.next("calls")));
