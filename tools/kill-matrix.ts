/**
 * Runs each kept case of a mutant on all mutants of its scenario and on the correct core, and writes which it finds to
 * `kill-matrix.md` and `kill-matrix.json`. Exit code 1 when a mutant survives its own case, or the core does not hold.
 *
 * Usage: npm run kill-matrix -- [--out FOLDER]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtInMutants } from "../scenarios/index.ts";
import { installGuards } from "../src/kernel/guards.ts";
import { adversarialCases } from "../test/adversarial/adversarial-cases.ts";
import { killMatrix, matrixAsMarkdown } from "../test/adversarial/kill-matrix.ts";
import { keptRepro, tryCase } from "../test/adversarial/trial.ts";

const out = readOut();
const scenarios = new Map(builtInMutants.map(({ id, scenario }) => [id, scenario]));

installGuards();
const matrix = await killMatrix({
  entries: adversarialCases,
  scenarioOf: (mutant) => scenarios.get(mutant)!,
  tryCase: (repro, mutant) => tryCase(keptRepro(repro), mutant),
  say: (line) => console.log(line),
});
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "kill-matrix.json"), `${JSON.stringify(matrix, undefined, 2)}\n`);
writeFileSync(join(out, "kill-matrix.md"), matrixAsMarkdown(matrix));
for (const problem of matrix.problems) console.error(`PROBLEM: ${problem}`);
console.log(`${matrix.cases.length} mutants, ${matrix.problems.length} problems: ${join(out, "kill-matrix.md")}`);
process.exitCode = matrix.ok ? 0 : 1;

function readOut(): string {
  try {
    return parseArgs({ options: { out: { type: "string", default: "reports/out" } } }).values.out;
  } catch (error) {
    console.error(`kill-matrix: ${error instanceof Error ? error.message : String(error)}`);
    return process.exit(2);
  }
}
