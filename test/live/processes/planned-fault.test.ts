import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Draws } from "../../../src/kernel/draws.ts";
import { drawFaults, faultFamilies, faultsFor } from "../../../src/live/planned-fault.ts";

const kinds = fc.constantFrom("request" as const, "program" as const, "webhook" as const, "people" as const);

test("troubles strike what arrived, by the families that are allowed, each place once, the same again for a seed", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ site: fc.string({ minLength: 1 }), kind: kinds }), { selector: ({ site }) => site }),
      fc.subarray([...faultFamilies]),
      fc.nat(5),
      fc.nat(),
      (seen, families, count, seed) => {
        const draw = (): ReturnType<typeof drawFaults> => drawFaults(seen, { count, families, draws: new Draws(seed) });
        const drawn = draw();
        expect(draw()).toEqual(drawn);
        expect(drawn.length).toBeLessThanOrEqual(count);
        expect(new Set(drawn.map(({ site }) => site)).size).toBe(drawn.length);
        for (const { site, fault } of drawn) {
          const place = seen.find((each) => each.site === site)!;
          expect(faultsFor(place, families)).toContainEqual(fault);
        }
      },
    ),
  );
});

test("people are never struck, and a process dies where it asks or starts a program alone", () => {
  const deaths = (kind: Parameters<typeof faultsFor>[0]["kind"]): number =>
    faultsFor({ kind }, faultFamilies).filter((fault) => fault.kind === "kill").length;
  expect(faultsFor({ kind: "people" }, faultFamilies)).toEqual([]);
  expect([deaths("request"), deaths("program"), deaths("webhook")]).toEqual([2, 2, 0]);
});
