import { QueueExecutor, type QueueView } from "../campaign/queue/queue-executor.ts";
import type { RedisAddress } from "../campaign/queue/redis-address.ts";
import type { ExecutorRequest, TaskExecutor } from "../campaign/task.ts";
import { installGuards } from "../kernel/guards.ts";
import { wholeNumber } from "../report/table.ts";
import type { Host } from "./host.ts";

/** Computes on the workers of a queue. Throws a `RedisError` when there is no Redis to be had, or when it is lost. */
export async function startRedisEngine(
  address: RedisAddress,
  { workers, settings, codeHash, onSecondResult }: ExecutorRequest,
  host: Pick<Host, "writeError">,
): Promise<TaskExecutor> {
  // The story of a failure is told by a run in this thread.
  installGuards();
  const say = (line: string): void => host.writeError(`${line}\n`);
  const rates = new Rates();
  return QueueExecutor.start({
    address,
    codeHash,
    settings,
    chunksOutMax: Math.max(chunksOutMin, workers),
    onSecondResult,
    onView: (view) => say(viewLine(view, rates.of(view), address)),
    say,
  });
}

/** Enough that the workers of some machines never wait for chunks. */
const chunksOutMin = 64;

function viewLine({ workers, refused, chunksOut }: QueueView, rates: readonly number[], address: RedisAddress): string {
  const others = refused === 0 ? "" : `; ${refused} with other code take no part`;
  if (workers.length === 0) {
    return `no workers yet: start one with \`stormlane worker ${address.text}\`${others}`;
  }
  const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
  const each = workers.map(({ id }, index) => `${id} ${wholeNumber(rates[index]!)}/s`);
  const all = rates.reduce((sum, rate) => sum + rate, 0);
  return [
    `${workers.length === 1 ? "1 worker" : `${workers.length} workers`}, ${threads} threads, ${wholeNumber(all)} runs/s, ${chunksOut} chunks out`,
    ...each.slice(0, workersShown),
    ...(each.length > workersShown ? [`${each.length - workersShown} more`] : []),
  ]
    .join("; ")
    .concat(others);
}

const workersShown = 8;

/** Runs per second, from what workers say of all that they did. */
class Rates {
  private readonly before = new Map<
    string,
    { readonly runs: number; readonly seenMs: number; readonly rate: number }
  >();

  /** In the order of the workers. */
  of({ workers }: QueueView): number[] {
    return workers.map(({ id, runs, seenMs }) => {
      const last = this.before.get(id);
      if (last?.seenMs === seenMs) return last.rate;
      const rate = last === undefined ? 0 : ((runs - last.runs) * 1000) / (seenMs - last.seenMs);
      this.before.set(id, { runs, seenMs, rate });
      return rate;
    });
  }
}
