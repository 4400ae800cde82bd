import { expect, test } from "vitest";
import { Explorer } from "../../src/explore/explorer.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { boardScenario } from "./board-world.ts";
import { named, play, small } from "./play.ts";

test("a story that people move back to its test lane gets new tests, new code, and ends like any other", async () => {
  const { hands, notes, file } = await play(
    {},
    (board) => board.card("EPIC-1/S1")?.tags.includes("coding-complete") === true,
    (board, ports) => board.moveBack(ports, "EPIC-1/S1", 6),
  );
  expect(named(notes, "artifact.unlocked")).toEqual(["tests/test_S1.py"]);
  expect(named(notes, "artifact.locked").filter((path) => path === "tests/test_S1.py")).toHaveLength(2);
  expect(file("tests/test_S1.py")).toContain("Version 1.");
  const card = hands.card("EPIC-1/S1")!;
  expect(card.lane).toBe(11);
  expect(card.comments.filter((text) => text.includes("tests/test_S1.py is open again"))).toHaveLength(1);
});

test.each([2, 3, 4])("a story in lane %i opens nothing of its epic, and says why", async (lane) => {
  const { hands, notes } = await play(
    {},
    (board) => board.card("EPIC-1/S1")?.tags.includes("coding-complete") === true,
    (board, ports) => board.moveBack(ports, "EPIC-1/S1", lane),
  );
  expect(named(notes, "artifact.unlocked")).toEqual([]);
  const card = hands.card("EPIC-1/S1")!;
  expect(card.lane).toBe(lane);
  expect(card.comments.filter((text) => text.includes("the design and the plan of its epic"))).toHaveLength(1);
});

test("a plan that is approved again leaves stories as they are, revises, closes and adds", async () => {
  const { hands, notes, file } = await play(
    {
      storiesPerEpic: 0,
      plan: (earlier) =>
        earlier === 0
          ? ["S1", "S2", "S3"].map((id) => ({ id, description: "One thing." }))
          : [
              { id: "S1", description: "One thing." },
              { id: "S2", description: "Another thing." },
              { id: "S4", description: "One thing." },
            ],
    },
    (board) => ["S1", "S2", "S3"].every((story) => (board.card(`EPIC-1/${story}`)?.lane ?? 0) >= 8),
    (board, ports) => board.moveBack(ports, "EPIC-1", 4),
  );
  expect(named(notes, "artifact.unlocked")).toEqual(["prd.json", "tests/test_S2.py"]);
  expect(notes.filter(({ name }) => name === "story.revised").map(({ fields }) => fields["story"])).toEqual(["S2"]);
  expect(hands.card("EPIC-1/S1")!.comments.filter((text) => text.includes("says something else"))).toEqual([]);
  expect(hands.card("EPIC-1/S2")!.comments.filter((text) => text.includes("says something else"))).toHaveLength(1);
  expect(hands.card("EPIC-1/S2")!.tags).not.toContain("stale");
  expect(hands.card("EPIC-1/S3")).toMatchObject({ isOpen: false });
  expect(hands.card("EPIC-1/S3")!.comments.join("\n")).toContain("does not know this story any more");
  for (const story of ["S1", "S2", "S4"])
    expect(hands.card(`EPIC-1/${story}`)).toMatchObject({ lane: 11, isOpen: true });
  expect(hands.card("EPIC-1")!.lane).toBe(11);
  // The branches of the stories that are left are merged; the one that vanished is not.
  for (const story of ["S1", "S2", "S4"]) expect(file(`src/${story}.py`)).toContain(`answer_${story}`);
  expect(file("src/S3.py")).toBeUndefined();
});

test("a plan whose design was approved anew is stale: people are told, and nothing is spawned from it", async () => {
  const { hands, notes } = await play(
    {},
    (board) => board.card("EPIC-1")?.tags.includes("spawned") === true,
    async (board, ports) => {
      await board.moveBack(ports, "EPIC-1", 2);
      while (board.card("EPIC-1")!.lane !== 3 || !board.card("EPIC-1")!.tags.includes("locked")) {
        await ports.clock.sleep(100, { key: "watch" });
      }
      await board.moveBack(ports, "EPIC-1", 5);
    },
  );
  expect(named(notes, "artifact.unlocked")).toEqual(["DESIGN.md"]);
  expect(hands.card("EPIC-1")).toMatchObject({ lane: 5, tags: ["spawning-failed"] });
  expect(hands.card("EPIC-1")!.comments.join("\n")).toContain("prd.json is stale");
});

test("a slip that people take back while the model is asked changes nothing that was approved", async () => {
  const { hands, notes, file } = await play(
    {},
    (board) => board.card("EPIC-1")?.tags.includes("spawned") === true,
    async (board, ports) => {
      await board.moveBack(ports, "EPIC-1", 2);
      while (!board.card("EPIC-1")!.tags.includes("design-started")) await ports.clock.sleep(100, { key: "watch" });
      await board.moveBack(ports, "EPIC-1", 5);
    },
  );
  expect(named(notes, "artifact.unlocked")).toEqual([]);
  expect(file("DESIGN.md")).toContain("Version 0.");
  expect(hands.card("EPIC-1")).toMatchObject({ lane: 11 });
});

test("after one fault, wherever it strikes, a rework ends as without it", { timeout: 120_000 }, async () => {
  const scenario = boardScenario({
    ...small,
    failuresAllowed: false,
    meddle(board) {
      board.world.process("meddler", async (ports) => {
        while (board.card("EPIC-1/S1")?.tags.includes("coding-complete") !== true) {
          await ports.clock.sleep(1_000, { key: "watch" });
        }
        await board.moveBack(ports, "EPIC-1/S1", 6);
      });
    },
  });
  const wrong = await inMacrotask(() => {
    const explorer = new Explorer(scenario, "sweep", runCaseNow);
    return Array.from({ length: 150 }, (_, index) => explorer.plan(97 * index)).flatMap((plan) => {
      const outcome = runCaseNow(scenario, plan.case, plan.exploration);
      const { verdict } = outcome;
      if (verdict.kind === "held") return [];
      const what = verdict.kind === "violated" ? verdict.violation.message : JSON.stringify(outcome.end);
      return [`${JSON.stringify(outcome.realised().faults)}: ${what}`];
    });
  });
  expect(wrong).toEqual([]);
});

test.each([6, 7, 8])(
  "an epic whose stories all went on by themselves is not worked in lane %i, and is told why",
  async (lane) => {
    const { hands } = await play(
      {},
      (board) => board.card("EPIC-1/S1")?.lane === 11,
      (board, ports) => board.moveBack(ports, "EPIC-1", lane),
    );
    expect(hands.card("EPIC-1")).toMatchObject({ lane });
    expect(hands.card("EPIC-1")!.tags.filter((tag) => tag.endsWith("-failed"))).toHaveLength(1);
    expect(hands.card("EPIC-1")!.comments.at(-1)).toContain("each is worked on its own card");
  },
);
