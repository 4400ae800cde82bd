import { Worker } from "node:worker_threads";
import { Pulse } from "../../campaign/pulse.ts";
import { keepCodeOfTypeStripping } from "../../real/type-stripping.ts";
import { watch } from "../../campaign/worker-pool.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import type { ImportFlags } from "./import-settings.ts";

/** What the thread that imports is given. */
export interface ImportOrder {
  readonly memory: SharedArrayBuffer;
  readonly paths: readonly string[];
  readonly flags: ImportFlags;
  readonly host: Pick<Host, "cwd" | "outIsTerminal" | "errorIsTerminal">;
  readonly catalogueUrl: string;
}

/** What it says to the one that watches it. */
export type ImportWord =
  | { readonly kind: "out" | "error"; readonly text: string }
  /** From now on it can be asked to stop: by any message. */
  | { readonly kind: "interruptible" }
  | { readonly kind: "mistake"; readonly message: string }
  | { readonly kind: "ended"; readonly exitCode: number };

/** A run takes milliseconds; what is done between two of them takes longer where logs are long. */
const stallMsMax = 30_000;

/**
 * `stormlane import`, in a thread of its own: a run that never gives the turn back ends it, not the command.
 *
 * @returns the exit code
 */
export async function importWatched(
  paths: readonly string[],
  flags: ImportFlags,
  host: Host,
  patienceMs: number = stallMsMax,
): Promise<number> {
  const memory = Pulse.memory(1);
  const pulse = new Pulse(memory, 0);
  pulse.clear();
  const { cwd, outIsTerminal, errorIsTerminal, catalogueUrl } = host;
  const own = { cwd, outIsTerminal, errorIsTerminal };
  const order: ImportOrder = { memory, paths, flags, host: own, catalogueUrl: catalogueUrl.href };
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  keepCodeOfTypeStripping();
  const worker = new Worker(new URL(`import-thread${extension}`, import.meta.url), { workerData: order });
  // Before its first run it reads, for as long as there is something to read.
  const watchdog = watch(pulse, { stallMsMax: patienceMs, startMsMax: Number.POSITIVE_INFINITY });
  try {
    const end = await endOf(worker, host, watchdog.signal);
    if (end !== "stalled") return end;
    host.writeError(stalledText(pulse));
    return exitCodes.failed;
  } finally {
    watchdog.stop();
    await worker.terminate();
  }
}

/** @throws {UsageError} as the thread saw it, and whatever else it failed by */
function endOf(worker: Worker, host: Host, stalled: AbortSignal): Promise<number | "stalled"> {
  return new Promise((resolve, reject) => {
    stalled.addEventListener("abort", () => resolve("stalled"));
    worker.once("error", reject);
    worker.on("message", (word: ImportWord) => {
      switch (word.kind) {
        case "out":
          host.writeOut(word.text);
          return;
        case "error":
          host.writeError(word.text);
          return;
        case "interruptible":
          stopWith(host.takeInterruptions(), worker);
          return;
        case "mistake":
          reject(new ToldMistake(word.message));
          return;
        case "ended":
          resolve(word.exitCode);
      }
    });
  });
}

function stopWith(interrupted: AbortSignal, worker: Worker): void {
  const stop = (): void => worker.postMessage("stop");
  if (interrupted.aborted) stop();
  else interrupted.addEventListener("abort", stop);
}

/** As it was told in the thread, to the letter. */
class ToldMistake extends UsageError {
  constructor(message: string) {
    super({ what: "", why: "", fix: "" });
    this.message = message;
  }
}

function stalledText({ seed, site }: Pulse): string {
  const where = site === "" ? "" : `after ${site} `;
  const what = `${where}simulated code never gave the turn back`;
  if (Number.isNaN(seed)) return `stormlane: import: livelock: ${what}, in a run in which nothing goes wrong\n`;
  return (
    `stormlane: import: livelock: seed ${seed}: ${what}\n` +
    `  again: the same with --first-seed ${seed} --runs 1; past it: with --first-seed ${seed + 1}\n`
  );
}
