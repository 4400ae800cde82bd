import { AssertionFailure } from "../../base/assert.ts";
import { outsideSimulatedCode } from "../../kernel/guards.ts";
import { plainStack, writtenStack } from "../loading/stack-places.ts";
import { currentTask } from "./user-process.ts";

/**
 * What cannot be put before a user's code alone, because Node's own modules reach for it: once for the life of this Node. All
 * others are let through.
 */
export function installNodeHooks(): void {
  if (installed) return;
  installed = true;
  crashInTicks();
  writeStacks();
}

/** The real `process` and `Error` are one for all; they are changed once. */
let installed = false;

/**
 * An exception in a tick is an uncaught one of the process whose tick it is. Streams of Node's end so when nobody listens
 * for their errors; without this the exception would end the run of whoever simulates.
 */
function crashInTicks(): void {
  const original = process.nextTick.bind(process);
  let behind = original;
  const nextTick = (callback: (...args: unknown[]) => unknown, ...args: unknown[]): void => {
    const user = currentTask.getStore()?.process;
    if (user === undefined) behind(callback, ...args);
    else behind(() => user.runCallback(() => callback(...args)));
  };
  // Runners of tests put another one there for a while, and what they found back.
  Object.defineProperty(process, "nextTick", {
    configurable: true,
    enumerable: true,
    get: () => nextTick,
    set(other: typeof original) {
      behind = other === nextTick ? original : other;
    },
  });
}

/** Stacks of users' code are told as it was written. Of a failure of our own, all of it is wanted. */
function writeStacks(): void {
  const others = Error.prepareStackTrace?.bind(Error);
  Error.prepareStackTrace = (error: Error, sites: NodeJS.CallSite[]): unknown => {
    const user = currentTask.getStore()?.process;
    if (user !== undefined && !(error instanceof AssertionFailure)) {
      return outsideSimulatedCode(() => writtenStack(user.tree, error, sites));
    }
    return others === undefined ? plainStack(error, sites) : (others(error, sites) as unknown);
  };
}
