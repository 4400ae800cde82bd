import { mix32 } from "../base/digest.ts";
import { purpose } from "../kernel/draws.ts";
import type { RandomPort } from "../ports/random.ts";
import type { CallContext } from "./call.ts";

/** Draws keyed by the task and the purpose; each further draw for one purpose is a new one. */
export class SimulatedRandom implements RandomPort {
  private readonly context: CallContext;

  constructor(context: CallContext) {
    this.context = context;
  }

  int(name: string, bound: number): number {
    return this.context.world.kernel.draws.int(this.site(name), purpose(name), bound);
  }

  id(name: string): string {
    return this.context.world.kernel.draws.id(this.site(name), purpose(name));
  }

  private site(name: string): number {
    const { task } = this.context;
    return mix32(task.siteHash, task.countDraw(name));
  }
}
