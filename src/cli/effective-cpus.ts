import { availableParallelism } from "node:os";
import { UsageError } from "./usage-error.ts";

/**
 * How many processors there are to work with: the only place that asks. `STORMLANE_FORCE_CPUS` says otherwise, so that a
 * large machine can behave as a small one. Read on every call.
 *
 * @throws UsageError when the variable is no whole number from 1 to 1024
 */
export function effectiveCpus(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = environment[variable];
  if (text === undefined) return availableParallelism();
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= cpusMax) return Number(text);
  throw new UsageError({
    what: `${variable}=${text}`,
    why: "not a number of processors",
    fix: `use a whole number from 1 to ${cpusMax}, or leave it unset`,
  });
}

/** How many there are, as `2`; where the variable says otherwise, as `2of16`: such a machine is no small one. */
export function cpusInWords(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const [effective, real] = [effectiveCpus(environment), availableParallelism()];
  return effective === real ? String(real) : `${effective}of${real}`;
}

const variable = "STORMLANE_FORCE_CPUS";
const cpusMax = 1_024;
