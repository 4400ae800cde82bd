import { figures } from "../../limits/figures.ts";
import type { Observation } from "../../limits/observe-load.ts";
import type { Ramp } from "../../limits/ramp.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines, wholeNumber } from "../../report/table.ts";
import { ownVersion } from "../own-package.ts";

export interface ShownLevel {
  readonly ramp: Ramp;
  readonly level: number;
  readonly seed: number;
  readonly observation: Observation;
}

export function levelLines({ ramp, level, seed, observation }: ShownLevel): readonly string[] {
  const { verdict, why, meters } = observation;
  const head = `${ramp.name} at ${level} ${ramp.unit}, seed ${seed}: ${verdict}`;
  return [
    why === "" ? head : `${head}: ${plainLine(why, 500)}`,
    ramp.about,
    "",
    ...tableLines(
      [{ title: "figure" }, { title: "of the run", align: "right" }, { title: "unit" }],
      figures.map(({ name, unit, read }) => [name, wholeNumber(read(meters)), unit]),
    ),
  ];
}

export function levelDocument({ ramp, level, seed, observation: { verdict, why, meters } }: ShownLevel): object {
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "limits",
    run: {
      ramp: ramp.name,
      unit: ramp.unit,
      level,
      seed,
      verdict,
      why,
      figures: Object.fromEntries(figures.map(({ name, read }) => [name, read(meters)])),
    },
  };
}
