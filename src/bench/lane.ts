/** By what a figure depends on: the code alone, or the machine as well. */
export const lanes = ["deterministic", "wall-clock"] as const;
export type Lane = (typeof lanes)[number];

/**
 * Whether a `fail` of a lane is one of the command. What a machine cannot blur gates every change; the wall clock of a
 * machine that others share advises, and decides only where it was asked to: at night.
 */
export function gates(lane: Lane, { isNightly }: { readonly isNightly: boolean }): boolean {
  return lane === "deterministic" || isNightly;
}
