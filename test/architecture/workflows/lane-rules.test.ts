import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { flagsOfCommands } from "./command-flags.ts";
import {
  rulesOfAll,
  rulesOfChanges,
  rulesOfLanes,
  rulesOfNights,
  rulesOfProof,
  rulesOfRelease,
  rulesOfScripts,
} from "./lane-rules.ts";
import { plantedFaults, type WorkflowName } from "./planted-faults.ts";
import { readWorkflow } from "./workflow.ts";

const texts = {
  ci: readText(".github/workflows/ci.yml"),
  nightly: readText(".github/workflows/nightly.yml"),
  release: readText(".github/workflows/release.yml"),
};
const names = Object.keys(texts) as WorkflowName[];

const { scripts } = JSON.parse(readText("package.json")) as { readonly scripts: Readonly<Record<string, string>> };
const partsOfProof = /--only ([\w,-]+)\]/.exec(readText("tools/proof.ts"))![1]!.split(",");

const shared = { ...rulesOfAll, ...rulesOfScripts(new Set(Object.keys(scripts)), flagsOfCommands()) };
const rules = {
  ci: { ...shared, ...rulesOfLanes, ...rulesOfChanges },
  nightly: { ...shared, ...rulesOfLanes, ...rulesOfNights, ...rulesOfProof(partsOfProof) },
  release: { ...shared, ...rulesOfRelease },
};

describe.each(names)("the workflow %s", (name) => {
  test.each(Object.entries(rules[name]))("%s", (_title, rule) => {
    expect(rule(readWorkflow(texts[name]))).toEqual([]);
  });
});

describe.each(Object.entries(plantedFaults))("the rule that a workflow %s", (title, faults) => {
  test.each(faults)("finds in $in: $found, by $to", ({ in: name, from, to, found }) => {
    const text = texts[name].replace(from, to);
    expect(text).not.toBe(texts[name]);
    const rule = (rules[name] as Readonly<Record<string, (typeof shared)[string]>>)[title]!;
    expect(rule(readWorkflow(text))).toContain(found);
  });
});

test("each rule is proved by a planted fault", () => {
  const titles = names.flatMap((name) => Object.keys(rules[name]));
  expect(Object.keys(plantedFaults).toSorted()).toEqual([...new Set(titles)].toSorted());
});

test("a comment beside each pinned commit says which version it is", () => {
  const used = texts.release.match(/uses: .*/g)!;
  expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

function readText(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}
