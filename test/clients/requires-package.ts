import { appendFileSync } from "node:fs";
import { describe } from "vitest";

/** Where the suites that could not run are counted, for the summary at the end. */
export const missingListVariable = "STORMLANE_MISSING_CLIENTS";

/** The body of a suite needs this package. */
export type Suite<Module> = (client: Module) => void;

/**
 * A suite for a client that is installed apart. Where it is missing, the suite is skipped, loudly and counted; with `CI`
 * set that is a failure.
 */
export async function describeClient<Module>(
  name: string,
  load: () => Promise<Module>,
  suite: Suite<Module>,
): Promise<void> {
  let client: Module;
  try {
    client = await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    const list = process.env[missingListVariable];
    if (list !== undefined) appendFileSync(list, `${name}\n`);
    if (process.env["CI"] !== undefined) {
      throw new Error(`${name} is not installed: npm ci --prefix test/clients --omit=optional`, { cause: error });
    }
    describe.skip(`${name} (not installed)`, () => {});
    return;
  }
  describe(name, () => suite(client));
}
