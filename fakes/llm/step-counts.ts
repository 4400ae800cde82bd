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

/** Which request this is: of its step, and of those of its step with the same prompt. From 1. */
export interface RequestCount {
  readonly ofStep: number;
  readonly ofPrompt: number;
}

/**
 * Requests by logical step: what retries add up to. A client that loops is reported, not served for ever.
 */
export class StepCounts {
  private readonly requestsMax: number;
  private readonly steps = new Map<string, Step>();

  /** @param requestsMax of one step; beyond it the run ends */
  constructor(requestsMax: number) {
    assert(requestsMax > 0, "model: requestsPerStepMax is at least 1");
    this.requestsMax = requestsMax;
  }

  /** Requests of each step so far. */
  requests(): ReadonlyMap<string, number> {
    return new Map([...this.steps].map(([name, { requests }]) => [name, requests]));
  }

  /** Counts one more request of the step. */
  count(step: string, promptDigest: string, context: ServiceContext): RequestCount {
    const counted = this.steps.get(step);
    if (counted === undefined) {
      this.steps.set(step, { requests: 1, firstPrompt: promptDigest, byPrompt: undefined });
      return FIRST;
    }
    counted.requests++;
    if (counted.requests > this.requestsMax) {
      context.unmodelled({
        method: `more than ${this.requestsMax} requests for one step`,
        args: { step },
        file: "the system's retries, or requestsPerStepMax in the scenario",
      });
    }
    counted.byPrompt ??= new Map([[counted.firstPrompt, 1]]);
    const ofPrompt = (counted.byPrompt.get(promptDigest) ?? 0) + 1;
    counted.byPrompt.set(promptDigest, ofPrompt);
    return { ofStep: counted.requests, ofPrompt };
  }
}

interface Step {
  requests: number;
  readonly firstPrompt: string;
  /** Most steps have one request: they need no map. */
  byPrompt: Map<string, number> | undefined;
}

const FIRST: RequestCount = { ofStep: 1, ofPrompt: 1 };
