import { watchCheckout } from "./checkout.ts";
import { enterTemporaryRoot } from "./temporary-root.ts";

/**
 * A global setup of vitest, before all others, so that it ends last: the run fails when its tests left something in the
 * temporary folder. In CI also when they wrote to the folder that it was started in, the checkout: elsewhere somebody may
 * be editing meanwhile.
 */
export function setup(): () => void {
  const ends = [enterTemporaryRoot(), ...(process.env["CI"] ? [watchCheckout(process.cwd())] : [])];
  return () => {
    const problems = ends.map((end) => end()).filter((problem) => problem !== undefined);
    if (problems.length > 0) throw new Error(problems.join("\n"));
  };
}
