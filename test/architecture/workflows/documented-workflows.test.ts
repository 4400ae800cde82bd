import { describe, expect, test } from "vitest";
import { fencedBlocksIn } from "../../../tools/docs/fenced-blocks.ts";
import { textOf } from "../../../tools/docs/pages.ts";
import { flagsOfCommands } from "./command-flags.ts";
import { rulesOfAll, rulesOfScripts } from "./lane-rules.ts";
import { readWorkflow } from "./workflow.ts";

const rules = { ...rulesOfAll, ...rulesOfScripts(new Set(["start", "test"]), flagsOfCommands()) };

const page = fencedBlocksIn(textOf("docs/how-to/ci.md")).filter(({ text }) => /^jobs:$/m.test(text));

test("the how-to has one workflow, whole", () => {
  expect(page.map(({ language }) => language)).toEqual(["yaml"]);
});

describe("the workflow of the how-to", () => {
  const { text } = page[0]!;

  test.each(Object.entries(rules))("%s", (_title, rule) => {
    expect(rule(readWorkflow(text))).toEqual([]);
  });

  test("runs shards that together are one campaign, and reports after those that are red", () => {
    const { jobs } = readWorkflow(text);
    const { shard, report } = { shard: jobs.get("shard")!, report: jobs.get("report")! };
    const shards = shard.matrix!["shard"] as readonly number[];
    expect(shard.steps.some(({ run }) => run?.includes(`--shard "$SHARD/${shards.length}"`))).toBe(true);
    expect(shards).toEqual(shards.map((_, index) => index + 1));
    expect(shard.failFast).toBe(false);
    expect(report).toMatchObject({ needs: ["shard"], if: "${{ !cancelled() && needs.shard.result != 'skipped' }}" });
  });

  test("keeps the reports of every job, whatever its result", () => {
    const kept = [...readWorkflow(text).jobs.values()].map(({ steps }) => steps.at(-1));
    for (const step of kept) expect(step).toMatchObject({ if: "always()", with: { path: "reports/out" } });
  });

  test("would be refused with a flag that there is not", () => {
    const misspelt = readWorkflow(text.replace("--blob", "--blobs"));
    const [rule] = Object.values(rulesOfScripts(new Set(["ci"]), flagsOfCommands()));
    expect(rule!(misspelt)).toEqual(["shard: gives campaign --blobs, which there is not"]);
  });
});

describe.each(["ports", "http"])("the workflow that `init --kind %s` writes", (kind) => {
  const workflow = readWorkflow(textOf(`src/cli/init/templates/${kind}/workflow.yml.txt`));

  // What is written once, and then never again, had better follow the images.
  test.each(Object.entries(rules).filter(([title]) => title !== "pins its images"))("%s", (_title, rule) => {
    expect(rule(workflow)).toEqual([]);
  });
});
