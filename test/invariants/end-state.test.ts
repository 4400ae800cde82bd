import { describe, expect, test } from "vitest";
import { digest64 } from "../../src/base/digest.ts";
import { differencesOf, endStateOf, type EndState } from "../../src/invariants/end-state.ts";
import { facts, Story } from "./story.ts";

describe("two runs left the same behind when they differ in", () => {
  test.each<[string, Story, Story]>([
    ["numbers of cards", epic().card("E1/S1", 5), new Story().card("X", 1).card("E1", 2).card("E1/S1", 5)],
    ["times", epic().wait(500).comment("E1", said(1_700_000_001)), epic().comment("E1", said(1_700_000_777))],
    [
      "how often a comment was written",
      epic().comment("E1", said(1)),
      epic().comment("E1", said(1)).comment("E1", said(1)),
    ],
    ["what people wrote", epic(), epic().comment("E1", "Hello!", "people")],
    ["that something was put back", epic(), epic().comment("E1", "x\n\n[E1/lane-8/put back src/S1.py 1700000001]")],
    ["how often tags were set", epic().tags("E1", ["a"]), epic().tags("E1", ["b"]).tags("E1", ["a"])],
  ])("%s", (_what, left, right) => {
    const other = new Map([...endOf(right)].filter(([name]) => !name.startsWith("card X")));
    expect(differencesOf(withoutTitle(endOf(left)), withoutTitle(other))).toEqual([]);
  });

  test("a double that was closed", () => {
    const double = epic().card("E1", 2);
    expect(differencesOf(endOf(epic()), endOf(double.close(double.lastCard, "poller-a")))).toEqual([]);
  });
});

describe("two runs left something else behind when they differ in", () => {
  test.each<[string, Story, string]>([
    ["the lane of a card", epic().move("E1", 3), "card E1: lane: is 3, not 2"],
    ["its tags", epic().tags("E1", ["design-failed"]), "card E1: tags: is design-failed, not "],
    ["a field", epic().field("E1", "dirname", "e2"), "card E1: field dirname: should not be there (e2)"],
    ["a comment", epic().comment("E1", said(1)), "card E1: comment [E1/lane-2/design]: should not be there (there)"],
    ["a card more", epic().card("E1/S1", 5), "card E1/S1: should not be there (open)"],
    ["a file", epic().write("/srv/projects/e1/DESIGN.md", "x"), "file e1/DESIGN.md: should not be there (x)"],
  ])("%s", (_what, changed, difference) => {
    expect(differencesOf(endOf(epic()), endOf(changed))).toContain(difference);
  });

  test("what an artifact says, unless the structure alone is asked for", () => {
    const [one, two] = ["one", "two"].map((text) => epic().write("/srv/projects/e1/DESIGN.md", text));
    const structures = [one!, two!].map((story) => endStateOf(facts, story.events, "structure"));
    expect(differencesOf(endOf(one!), endOf(two!))).toHaveLength(1);
    expect(differencesOf(structures[0]!, structures[1]!)).toEqual([]);
  });

  test("the last commit of a branch, by what it changed and not by its name", () => {
    const end = (commit: string, content: string): EndState =>
      endOf(
        epic()
          .change(undefined, {
            store: "git",
            type: "commit",
            repository: "/srv/projects/e1",
            branch: "main",
            commit,
            message: "Work",
            changed: { "a.py": content },
          })
          .write("/srv/projects/e1/.git/refs/heads/main", digest64(`${commit}\n`)),
      );
    expect(differencesOf(end("aaaa", "1"), end("bbbb", "1"))).toEqual([]);
    expect(differencesOf(end("aaaa", "1"), end("aaaa", "2"))).toEqual([
      "branch main of e1: is Work (a.py 2), not Work (a.py 1)",
    ]);
  });
});

function epic(): Story {
  return new Story().card("E1", 2);
}

function said(second: number): string {
  return `Written.\n\n[E1/lane-2/design ${String(second).padStart(10, "1")}]`;
}

function endOf(story: Story): EndState {
  return endStateOf(facts, story.events, "text");
}

function withoutTitle(end: EndState): EndState {
  return new Map([...end].filter(([name]) => !name.endsWith(": title")));
}
