import { describe, expect, test } from "vitest";
import { textOf } from "../../../tools/docs/pages.ts";
import { readWorkflow } from "./workflow.ts";

const page = textOf("docs/lanes.md");

describe.each([
  ["ci", "Every change"],
  ["nightly", "Every night"],
])("of the workflow %s the page of lanes tells, under %s,", (name, heading) => {
  const { jobs } = readWorkflow(textOf(`.github/workflows/${name}.yml`));
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`))!;
  const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.+) \| (?:`(.+)` )?\|$/gm)].map(
    ([, lane = "", protects = "", command]) => ({ lane, protects, command }),
  );

  test("what each lane protects, in any order, and of no other", () => {
    expect(rows.map(({ lane }) => lane).toSorted()).toEqual([...jobs.keys()].toSorted());
  });

  test("how to run it here, by what the lane itself runs", () => {
    const commandsOf = (lane: string): string =>
      jobs
        .get(lane)!
        .steps.map(({ run = "" }) => run.replaceAll("npm run -s ", "npm run "))
        .join("\n");
    const withoutFlags = (command: string): string => command.replace(/(?: --)? --\w.*$/, "");
    const others = rows.filter(
      ({ lane, command }) => command !== undefined && !commandsOf(lane).includes(withoutFlags(command)),
    );
    expect(others).toEqual([]);
  });
});
