import type { FaultSpec, Seam } from "../../faults/fault.ts";
import { outsideSimulatedCode } from "../../kernel/guards.ts";
import type { AnswerOutcome } from "../../kernel/observer.ts";
import type { Operation } from "../../kernel/operation.ts";
import { ProcessGone, type UserProcess } from "./user-process.ts";

export interface SynchronousCall<Value> {
  readonly name: string;
  readonly key: string;
  readonly seam: Seam;
  /** What it does, at once and alone. */
  readonly effect: (sent: Operation, fault: FaultSpec | undefined) => Answer<Value>;
}

interface Answer<Value> {
  readonly outcome: AnswerOutcome;
  readonly detail: string;
  readonly value: Value;
}

/**
 * An operation that its caller waits for without giving the turn back: nothing of this process happens meanwhile, and nothing
 * of others either. It takes no time.
 *
 * @throws {ProcessGone} when a fault kills the caller
 */
export function callNow<Value>(process: UserProcess, { name, key, seam, effect }: SynchronousCall<Value>): Value {
  process.assertLives();
  const { world, incarnation } = process;
  const { kernel } = world;
  const sent = kernel.begin(process.task.context.task, name, key);
  const fault = world.strike(sent, seam);
  const isDeath = fault?.kind === "kill" || fault?.kind === "host-crash";
  const die = (): never => {
    kernel.forget(sent);
    if (isDeath) outsideSimulatedCode(() => world.strikeProcess(incarnation, sent, fault));
    throw new ProcessGone();
  };
  if (fault?.kind === "clock-jump") kernel.jumpClock(incarnation.process, fault.byMs);
  if (isDeath && fault.when === "before") die();
  const { outcome, detail, value } = outsideSimulatedCode(() => orEnd(process, () => effect(sent, fault)));
  if (isDeath) die();
  kernel.answer(sent, incarnation, outcome, detail, { deliver() {} });
  if (fault?.kind === "pause") world.pauseProcess(incarnation.process, fault.durationMs);
  return value;
}

/** What goes wrong in there is not the caller's: it ends the run, as it does in a step of the kernel's. */
function orEnd<Value>({ world }: UserProcess, effect: () => Value): Value {
  try {
    return effect();
  } catch (error) {
    world.kernel.fail(error as Error);
    throw new ProcessGone();
  }
}
