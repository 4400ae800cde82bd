import type { FaultSpec, Seam } from "../faults/fault.ts";
import { outsideSimulatedCode } from "../kernel/guards.ts";
import type { AnswerOutcome } from "../kernel/observer.ts";
import type { Continuation, Incarnation } from "../kernel/process.ts";
import { Step } from "../kernel/step.ts";
import type { Task } from "../kernel/task.ts";
import type { World } from "./world.ts";

/** Whose call it is: one task of one life of a process. */
export interface CallContext {
  readonly world: World;
  readonly incarnation: Incarnation;
  readonly task: Task;
}

/** The promise of a process that has died: it never settles. */
export function never<Value>(): Promise<Value> {
  return new Promise(() => {});
}

/**
 * One call of a port: an operation that is sent, has effects, and is answered. What a fault does to the process itself
 * (kill, pause, clock) is the same for every kind of call and is done here.
 */
export abstract class Call<Value> extends Step implements Continuation {
  readonly promise: Promise<Value>;
  protected readonly context: CallContext;
  protected readonly fault: FaultSpec | undefined;

  private readonly resolve: (value: Value) => void;
  private value: Value | undefined;

  constructor(context: CallContext, name: string, key: string, seam: Seam) {
    super(context.world.kernel.begin(context.task, name, key));
    this.context = context;
    let resolve!: (value: Value) => void;
    this.promise = new Promise((settle) => {
      resolve = settle;
    });
    this.resolve = resolve;
    this.fault = context.world.strike(this.operation, seam);
  }

  protected get world(): World {
    return this.context.world;
  }

  /** Sends it, unless the process dies first. */
  send(): Promise<Value> {
    const fault = this.fault;
    if (fault === undefined) {
      this.leave();
      return this.promise;
    }
    switch (fault.kind) {
      case "kill":
      case "host-crash":
        if (fault.when === "before") {
          this.world.kernel.forget(this.operation);
          outsideSimulatedCode(() => this.world.strikeProcess(this.context.incarnation, this.operation, fault));
          return this.promise;
        }
        this.leave();
        if (fault.when === "during") {
          outsideSimulatedCode(() => {
            this.dieDuring();
            this.world.strikeProcess(this.context.incarnation, this.operation, fault);
          });
        }
        return this.promise;
      case "clock-jump":
        this.world.kernel.jumpClock(this.context.incarnation.process, fault.byMs);
        this.leave();
        return this.promise;
      default:
        this.leave();
        return this.promise;
    }
  }

  deliver(): void {
    this.resolve(this.value as Value);
  }

  /** The operation leaves its process: schedule its first step. */
  protected abstract leave(): void;

  /** The caller dies while it is on its way. What that leaves of the effect is the call's own business. */
  protected dieDuring(): void {}

  /** Answers the caller. */
  protected finish(outcome: AnswerOutcome, detail: string, value: Value): void {
    const { world, incarnation } = this.context;
    const fault = this.fault;
    if (fault !== undefined && this.operation.pending && incarnation.state !== "dead") {
      if ((fault.kind === "kill" || fault.kind === "host-crash") && fault.when === "after") {
        world.strikeProcess(incarnation, this.operation, fault);
      } else if (fault.kind === "pause") {
        world.pauseProcess(incarnation.process, fault.durationMs);
      }
    }
    this.value = value;
    world.kernel.answer(this.operation, incarnation, outcome, detail, this);
  }
}
