import { mix32 } from "../../base/digest.ts";
import type { Step } from "../../kernel/step.ts";

/** One effect on one resource, under the name of its step. */
export interface Access {
  readonly site: string;
  readonly siteHash: number;
  readonly stage: number;
  readonly process: string;
  /** By its path: what is in order whatever the schedule. */
  readonly task: string;
  readonly isWrite: boolean;
  /** When it was due, and how long it might have been held. */
  readonly dueUs: number;
  readonly latestUs: number;
}

/** In which order the steps of a run touched each resource. */
export class AccessTrace {
  private readonly byResource = new Map<string, Access[]>();
  private readonly lastWrites = new Map<string, number>();
  private hash = 0;

  /** Adds what the step touches. Call it before the step happens. */
  add(step: Step): void {
    const { site, siteHash, process, task } = step.operation;
    const { stage, dueUs, latestUs } = step;
    for (const { id, rw } of step.touches) {
      const access: Access = { site, siteHash, stage, process, task: task.path, isWrite: rw === "w", dueUs, latestUs };
      const known = this.byResource.get(id);
      if (known === undefined) this.byResource.set(id, [access]);
      else known.push(access);
      const name = mix32(siteHash, stage);
      // Of sums, so that the order of accesses to different resources does not matter.
      this.hash = (this.hash + mix32(name, this.lastWrites.get(id) ?? 0)) >>> 0;
      if (access.isWrite) this.lastWrites.set(id, name);
    }
  }

  /** Equal for two runs in which each access came upon the same write, almost surely only for such. */
  get signature(): number {
    return this.hash;
  }

  /** Resources that at least two processes touch and at least one writes, in order of names. */
  shared(): readonly SharedAccesses[] {
    return [...this.byResource]
      .filter(([, accesses]) => {
        const { process } = accesses[0]!;
        return accesses.some(({ isWrite }) => isWrite) && accesses.some((access) => access.process !== process);
      })
      .map(([resource, accesses]): SharedAccesses => ({ resource, accesses }))
      .toSorted((left, right) => (left.resource < right.resource ? -1 : 1));
  }
}

export interface SharedAccesses {
  readonly resource: string;
  /** In the order in which they happened. */
  readonly accesses: readonly Access[];
}
