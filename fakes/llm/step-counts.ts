import { assert } from "../../src/base/assert.ts";
import type { ServiceContext } from "../../src/ports/service.ts";

export interface LogicalStep {
  readonly token: string;
  readonly role: string;
  readonly key: string;
  readonly attempt: number;
}

/** `role/key/attempt`, and `@token` behind it where there is one. */
export function nameOfStep({ token, role, key, attempt }: LogicalStep): string {
  const name = `${role}/${key}/${attempt}`;
  return token === "" ? name : `${name}@${token}`;
}

/**
 * Requests by logical step: what retries add up to. A client that loops is reported, not served for ever.
 */
export class StepCounts {
  private readonly requestsMax: number;
  private readonly byStep = new Map<string, number>();
  private readonly byPrompt = new Map<string, number>();

  /** @param requestsMax of one step; beyond it the run ends */
  constructor(requestsMax: number) {
    assert(requestsMax > 0, "model: requestsPerStepMax is at least 1");
    this.requestsMax = requestsMax;
  }

  get requests(): ReadonlyMap<string, number> {
    return this.byStep;
  }

  /** Counts one more request of the step. @returns how many it has now */
  count(step: string, context: ServiceContext): number {
    const requests = increment(this.byStep, step);
    if (requests > this.requestsMax) {
      context.unmodelled({
        method: `more than ${this.requestsMax} requests for one step`,
        args: { step },
        file: "the system's retries, or requestsPerStepMax in the scenario",
      });
    }
    return requests;
  }

  /** Counts one more request of the step with this prompt. @returns how many it has now */
  countPrompt(step: string, promptDigest: string): number {
    return increment(this.byPrompt, `${promptDigest} ${step}`);
  }
}

function increment(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
