import { currentTask } from "./user-process.ts";

/**
 * An exception in a tick is an uncaught one of the process whose tick it is. Streams of Node's end so when nobody listens
 * for their errors; without this the exception would end the run of whoever simulates.
 */
export function installTickGuard(): void {
  if (installed) return;
  installed = true;
  const nextTick = process.nextTick.bind(process);
  process.nextTick = (callback: (...args: unknown[]) => unknown, ...args: unknown[]): void => {
    const user = currentTask.getStore()?.process;
    if (user === undefined) nextTick(callback, ...args);
    else nextTick(() => user.runCallback(() => callback(...args)));
  };
}

/** The real `process` is one for all threads of continuations; it is replaced once. */
let installed = false;
