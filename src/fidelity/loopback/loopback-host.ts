import { appendFileSync, readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../real/type-stripping.ts";
import type { LifeEvent } from "../recording.ts";
import type { LoopbackOrder, LoopbackProcess } from "./loopback-order.ts";

/** One Node process in which each process of a system is a thread: its own memory and environment, and one folder for all. */
keepCodeOfTypeStripping();
const { processes, livesFile } = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as LoopbackOrder;
for (const each of processes) setTimeout(() => start(each), each.startAfterMs);
// It lives until it is ended, whatever becomes of its threads.
setInterval(() => {}, 60_000);

function start({ name, entry, args, env }: LoopbackProcess): void {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const worker = new Worker(new URL(`loopback-thread${extension}`, import.meta.url), {
    argv: [...args],
    env,
    workerData: entry,
  });
  let isOver = false;
  const over = (what: LifeEvent["what"], reason: string): void => {
    if (isOver) return;
    isOver = true;
    appendFileSync(livesFile, `${JSON.stringify({ process: name, what, reason } satisfies LifeEvent)}\n`);
  };
  worker.once("error", (error: unknown) => {
    // As Node does for a process of its own.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    over("crash", String(error));
  });
  worker.once("exit", (code) => over(code === 0 ? "finish" : "crash", code === 0 ? "" : `exit code ${code}`));
}
