import { parseArgs } from "node:util";
import { hitRate } from "../../src/campaign/saturation-interval.ts";
import { knownBugs, systemPath } from "./known-bug.ts";
import { repeatPlainly } from "./plain-repetition.ts";
import { search } from "./search.ts";

/** Prints the table of docs/known-bugs.md: `node test/known-bugs/measure.ts --runs 1000 --tries 50`, of all or of those in the folders named. */
const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "1000" }, tries: { type: "string", default: "50" } },
});
const [runs, tries] = [Number(values.runs), Number(values.tries)];

print("| package | found in | CPU per find | mended | plain repetition | wall per try |");
print("|---|---|---|---|---|---|");
for (const bug of knownBugs) {
  if (folders.length > 0 && !folders.includes(bug.folder)) continue;
  const path = systemPath(bug, bug.shows);
  const plain = await repeatPlainly(path, tries, bug.says);
  const found = await search(path, runs, bug.says);
  const mended = await search(systemPath(bug, bug.fixed.file), runs, bug.says);
  const cells = [
    `\`${bug.package}\``,
    share(found.hits, found.runs),
    found.hits === 0 ? "none" : `${(found.cpuS / found.hits).toFixed(2)} s`,
    `${mended.hits} of ${mended.runs}`,
    share(plain.hits, plain.tries),
    `${(plain.wallS / plain.tries).toFixed(2)} s`,
  ];
  print(`| ${cells.join(" | ")} |`);
  for (const other of [...found.others, ...mended.others]) print(`  also: ${other}`);
}

function share(hits: number, of: number): string {
  const { low, high } = hitRate(hits, of);
  return `${hits} of ${of} (${percent(low)} to ${percent(high)} %)`;
}

function percent(rate: number): string {
  return (rate * 100).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
