import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fidelitySchema } from "../../src/cli/schemas/fidelity-schema.ts";
import { runStormlane } from "../cli/project/project-folder.ts";

/** Those that are mended, so that nothing depends on who is first; with real packages in some. */
const examples = ["in-process", "hono-service", "ai-sdk-agent", "langgraph"];

describe("an example comes to the same in simulation, over sockets and with real processes:", () => {
  test.for(examples)("%s", async (example) => {
    const folder = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));
    const { out, error } = await runStormlane(["fidelity", "--system", "fixed.json", "--for", "12s", "--json"], folder);
    expect(out, error).toMatch(/^\{/);
    const { differences, runs } = fidelitySchema.parse(JSON.parse(out));
    expect(differences).toEqual([]);
    for (const { changes } of Object.values(runs)) expect(changes).toBeGreaterThan(0);
  });
});
