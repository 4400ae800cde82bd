import { randomBytes, randomInt } from "node:crypto";
import { assert } from "../base/assert.ts";
import type { RandomPort } from "../ports/random.ts";

/** The randomness of this machine. The purpose only names a draw; it does not shape it. */
export class RealRandom implements RandomPort {
  int(purpose: string, bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32, `${purpose}: a bound of ${bound}`);
    return randomInt(bound);
  }

  id(_purpose: string): string {
    return randomBytes(8).toString("hex");
  }
}
