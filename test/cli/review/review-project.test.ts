import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ReviewFinding } from "../../../src/review/findings/finding.ts";
import { counter, projectFolder, runStormlane, scenarioText } from "../project/project-folder.ts";

const patienceMs = 120_000;

const config = {
  "stormlane.config.ts": `import { defineConfig } from "stormlane";\nexport default defineConfig({});\n`,
};

interface Document {
  readonly verdict: string;
  readonly system: { readonly name: string };
  readonly findings: readonly ReviewFinding[];
  readonly proofs: readonly {
    readonly scenario: string;
    readonly verdict: string;
    readonly exercised: readonly string[];
  }[];
  readonly invariants: readonly { readonly invariant: string; readonly kind: string }[];
  readonly modules: readonly { readonly module: string }[];
}

function documentIn(folder: string): Document {
  return JSON.parse(readFileSync(join(folder, "reports/out/review.json"), "utf8")) as Document;
}

test(
  "a user's project is reviewed by its own scenarios, and its race makes it not ready",
  { timeout: patienceMs },
  async () => {
    const folder = projectFolder({ ...config, ...counter });
    const { out, error, exitCode } = await runStormlane(
      ["review", "--seeds", "100", "--recorded", "2", "--workers", "0"],
      folder,
    );
    expect(error).not.toContain("our own code failed");
    expect(out).toMatch(/^not ready\n/);
    expect(exitCode).toBe(1);
    const { system, findings, modules } = documentIn(folder);
    expect(system.name).toBe("this project's systems");
    expect(findings[0]).toMatchObject({ invariants: ["no-lost-update"], hinders: "release" });
    expect(modules.map(({ module }) => module)).toContain("counter.ts");
    const command = findings[0]!.replayCommand!.replace("npx stormlane ", "").split(" ");
    expect((await runStormlane(command, folder)).out).toContain("same failure");
  },
);

test("a small scenario of a user's is run in every schedule", { timeout: patienceMs }, async () => {
  const locked = scenarioText("locked")
    .replace("startAfterMs: 1", "startAfterMs: 60_000")
    .replace("defineScenario({", `defineScenario({ bounds: { latencies: "none" },`);
  const folder = projectFolder({ ...config, ...counter, "scenarios/counter/scenario.ts": locked });
  const args = ["review", "--seeds", "20", "--workers", "0", "--without", "modules"];
  const { out, exitCode } = await runStormlane(args, folder);
  expect(out).toMatch(/^ready with conditions\n/);
  expect(exitCode).toBe(0);
  const { proofs, invariants } = documentIn(folder);
  expect(proofs).toMatchObject([{ scenario: "locked", verdict: "proven", exercised: ["no-lost-update"] }]);
  expect(invariants).toMatchObject([{ invariant: "no-lost-update", kind: "proven" }]);
});
