import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchModule } from "../../bench/bench-module.ts";
import { suggestName } from "../nearest-name.ts";
import { UsageError } from "../usage-error.ts";

/** The project's clone: benchmarks and baselines are no part of the package. */
export const cloneUrl = new URL("../../../", import.meta.url);

/** @throws UsageError outside of the clone, or for a name that is none */
export async function loadBenches(names: readonly string[]): Promise<readonly BenchModule[]> {
  const benches = await benchesOf(cloneUrl);
  if (benches === undefined) {
    throw new UsageError({
      what: "bench",
      why: "the benchmarks are in the project's clone, not in the package",
      fix: "run it there, as npm run stormlane -- bench",
    });
  }
  const known = benches.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError({
      what: `bench ${unknown}`,
      why: "there is none of that name",
      fix: suggestName(unknown, known),
    });
  }
  return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name));
}

/** @returns nothing when there are none: it is no clone, or one without benchmarks */
export async function benchesOf(clone: URL): Promise<readonly BenchModule[] | undefined> {
  const url = new URL("test/bench/bodies/index.ts", clone);
  if (!existsSync(fileURLToPath(url))) return undefined;
  const { benches } = (await import(url.href)) as { readonly benches: readonly BenchModule[] };
  return benches;
}
