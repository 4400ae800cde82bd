import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PendingLabels, type PendingLabel } from "../../../src/inprocess/node/pending-labels.ts";

/** Says it as it is: the lowest number that nobody has. */
class PlainLabels {
  readonly texts = new Set<string>();

  take(name: string, key: string): string {
    let free = key;
    for (let number = 2; this.texts.has(`${name}(${free})`); number++) free = `${key}~${number}`;
    this.texts.add(`${name}(${free})`);
    return `${name}(${free})`;
  }
}

test("each pending call has the lowest number that is free, also where a key looks as if it had one", () => {
  const takes = fc.record({ name: fc.constantFrom("a", "b"), key: fc.constantFrom("k", "k~2", "k~2~2", "k~3") });
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: takes }, { weight: 2, arbitrary: fc.nat(30) }), {
    maxLength: 60,
    size: "max",
  });
  fc.assert(
    fc.property(steps, (sequence) => {
      const labels = new PendingLabels();
      const plain = new PlainLabels();
      const pending: PendingLabel[] = [];
      for (const step of sequence) {
        if (typeof step !== "number") {
          const label = labels.take(step.name, step.key);
          expect(label.text).toBe(plain.take(step.name, step.key));
          expect(`${label.name}(${label.key})`).toBe(label.text);
          pending.push(label);
        } else if (pending.length > 0) {
          const [label] = pending.splice(step % pending.length, 1);
          labels.giveBack(label!);
          plain.texts.delete(label!.text);
        }
      }
    }),
    { numRuns: 500 },
  );
});
