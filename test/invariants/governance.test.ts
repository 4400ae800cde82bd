import { describe, expect, test } from "vitest";
import { judge, placesOf, Story, taskOf } from "./story.ts";

const design = "/srv/projects/e1/DESIGN.md";
const later = { card: "E1", lane: 4 };

function approved(): Story {
  return Story.ofEpic(3).process("poller-a", "start").approve("DESIGN.md").move("E1", 4);
}

describe("G1: approved artifacts stay", () => {
  test("what nobody touches holds", () => {
    const { violations, checked } = judge("G1", approved().start("poller-a", later).finish("poller-a", later, "done"));
    expect(violations).toEqual([]);
    expect(checked).toBe(1);
  });

  test("a system that overwrites, removes, renames away or links what is approved breaks it at once", () => {
    const deeds: readonly ((story: Story) => Story)[] = [
      (story) => story.write(design, "other"),
      (story) => story.remove(design, "poller-a"),
      (story) => story.rename(design, "/srv/projects/e1/old.md"),
      (story) => story.link(design, "/etc/passwd", "poller-a"),
      (story) => story.write("/srv/projects/e1/x", "other").rename("/srv/projects/e1/x", design),
    ];
    for (const deed of deeds) expect(placesOf("G1", deed(approved())), String(deed)).toEqual(["e1/DESIGN.md"]);
  });

  test("a change by others that is put back before the run ends holds", () => {
    const story = approved().write(design, "other", "people").start("poller-a", later).write(design, "approved");
    expect(placesOf("G1", story.finish("poller-a", later, "done"))).toEqual([]);
  });

  test("a change by others that a later run works with breaks it", () => {
    for (const by of ["people", "program:pytest"]) {
      const story = approved().write(design, "other", by).start("poller-a", later).finish("poller-a", later, "done");
      expect(placesOf("G1", story), by).toEqual(["e1/DESIGN.md"]);
    }
  });

  test("a change that comes after the run began may be found by the next run", () => {
    const story = approved().start("poller-a", later).write(design, "other", "people");
    expect(placesOf("G1", story.finish("poller-a", later, "done"))).toEqual([]);
  });

  test("a folder that is removed takes what is approved in it along", () => {
    const story = approved().approve("tests/test_S1.py").remove("/srv/projects/e1/tests", "poller-a");
    expect(placesOf("G1", story)).toEqual(["e1/tests/test_S1.py"]);
  });

  test("a second approval with other content breaks it", () => {
    const lock = { workspace: "e1", path: "DESIGN.md", card: "E1" };
    const story = approved().note("poller-a", "artifact.locked", { ...lock, hash: "a" });
    expect(placesOf("G1", story)).toEqual([]);
    expect(placesOf("G1", story.note("poller-a", "artifact.locked", { ...lock, hash: "b" }))).toEqual(["e1/DESIGN.md"]);
  });

  test("what a run of the lane before has opened again may be changed, and approved with other content", () => {
    const lock = { workspace: "e1", path: "DESIGN.md", card: "E1" };
    const story = approved()
      .note("poller-a", "artifact.locked", { ...lock, hash: "a" })
      .move("E1", 2)
      .start("poller-a", { card: "E1", lane: 2 })
      .reopen("DESIGN.md", "poller-a", { card: "E1", lane: 2 })
      .write(design, "other")
      .note("poller-a", "artifact.locked", { ...lock, hash: "b" });
    expect(placesOf("G1", story)).toEqual([]);
    expect(placesOf("D1", story)).toEqual([]);
  });

  test("what is opened again by nobody's wish breaks it, and so does what another lane's run opens", () => {
    expect(placesOf("G1", approved().reopen("DESIGN.md", "poller-a"))).toEqual(["e1/DESIGN.md"]);
    const run = { card: "E1", lane: 4 };
    const story = approved().move("E1", 4).start("poller-a", run).reopen("DESIGN.md", "poller-a", run);
    expect(placesOf("G1", story)).toEqual(["e1/DESIGN.md"]);
  });

  test("a record that no process of the system wrote opens nothing", () => {
    const story = approved().reopen("DESIGN.md", "program:pytest").write(design, "other");
    expect(placesOf("G1", story)).toEqual(["e1/DESIGN.md"]);
  });
});

describe("G3: who works on a story whose plan changed is told", () => {
  const revised = (lane: number, tags: readonly string[], said: string): readonly string[] =>
    placesOf(
      "G3",
      Story.ofEpic(5)
        .card("E1/S1", lane)
        .field("E1/S1", "plan_entry", "one", "poller-a")
        .comment("E1/S1", said)
        .tags("E1/S1", tags)
        .field("E1/S1", "plan_entry", "two", "poller-a"),
    );
  const said = "The plan was approved again, and says something else of this story.";

  test("by a comment, and by a tag where work was begun", () => {
    expect(revised(8, ["stale"], said)).toEqual([]);
    expect(revised(5, [], said)).toEqual([]);
  });

  test("and the silence of either breaks it", () => {
    expect(revised(8, [], said)).toEqual(["E1/S1 revised"]);
    expect(revised(8, ["stale"], "Well done.")).toEqual(["E1/S1 revised"]);
  });
});

describe("G2: tests stay", () => {
  const testPath = "/srv/projects/e1/tests/test_S1.py";
  const coding = { card: "E1/S1", lane: 8 };
  const task = taskOf(coding);
  const story = (): Story =>
    Story.ofEpic(5)
      .process("poller-a", "start")
      .card("E1/S1", 8)
      .field("E1/S1", "dirname", "e1")
      .approve("tests/test_S1.py")
      .start("poller-a", coding);
  const tested = (during: (told: Story) => Story): Story =>
    during(story().sent("poller-a", "pytest", "E1/S1", task)).answered(
      "poller-a",
      { name: "pytest.read", key: "E1/S1", task },
      "ok",
      "end",
    );

  test("a result of approved tests, and a commit of the source alone, hold", () => {
    const told = tested((each) => each)
      .commit(["src/S1.py"])
      .finish("poller-a", coding, "done");
    const { violations, checked } = judge("G2", told);
    expect(violations).toEqual([]);
    expect(checked).toBe(2);
  });

  test("a commit that holds anything but sources breaks it", () => {
    for (const path of ["tests/test_S1.py", "conftest.py", "pytest.ini", "src/conftest.py"]) {
      expect(placesOf("G2", story().commit(["src/S1.py", path])), path).toEqual([`e1/${path}`]);
    }
  });

  test("a result that was got while the tests were changed breaks it, also when they are put back after", () => {
    const told = tested((each) => each.write(testPath, "easier", "program:pytest"));
    told.write(testPath, "approved").finish("poller-a", coding, "done");
    expect(placesOf("G2", told)).toEqual(["E1/S1 lane 8"]);
  });

  test("a second result with the approved tests makes up for it", () => {
    const told = tested((each) => each.write(testPath, "easier", "program:pytest")).write(testPath, "approved");
    told.sent("poller-a", "pytest", "E1/S1", task).finish("poller-a", coding, "done");
    expect(placesOf("G2", told)).toEqual([]);
  });
});

describe("G3: governance whatever the trigger", () => {
  test("a move by people holds, one by the system breaks it", () => {
    expect(placesOf("G3", Story.ofEpic(2).move("E1", 3))).toEqual([]);
    expect(placesOf("G3", Story.ofEpic(2).move("E1", 3, "poller-a"))).toEqual(["E1"]);
  });

  test("a run that ends well without the approval its lane asks for breaks it", () => {
    const lanes = [
      { lane: 3, path: "DESIGN.md" },
      { lane: 5, path: "prd.json" },
      { lane: 7, path: "tests/test_E1.py" },
      { lane: 8, path: "tests/test_E1.py" },
    ];
    for (const { lane, path } of lanes) {
      const run = { card: "E1", lane };
      const story = (told: Story): Story => told.start("poller-a", run).finish("poller-a", run, "done");
      expect(placesOf("G3", story(Story.ofEpic(lane)))).toEqual([`E1 lane ${lane}`]);
      expect(placesOf("G3", story(Story.ofEpic(lane).approve(path)))).toEqual([]);
    }
  });

  test("a card for a plan that is not approved breaks it", () => {
    const made = { process: "poller-a" };
    expect(placesOf("G3", Story.ofEpic(5).card("E1/S1", 5, made))).toEqual(["E1"]);
    expect(placesOf("G3", Story.ofEpic(5).approve("prd.json").card("E1/S1", 5, made))).toEqual([]);
  });

  test("an epic whose reference somebody has just changed is known by the one that it had", () => {
    const story = Story.ofEpic(5).approve("prd.json");
    story.key(story.lastCard, "Z9", "people");
    expect(placesOf("G3", story.card("E1/S1", 5, { process: "poller-a" }))).toEqual([]);
  });

  test("a tag of people that is lost to tags read long before breaks it", () => {
    const story = (between: number, reads: boolean): Story => {
      const told = Story.ofEpic(2)
        .sent("poller-a", "board.getTaskTags", "E1")
        .tags("E1", ["design-started"])
        .tags("E1", ["design-started", "urgent"], "people")
        .wait(between);
      if (reads) told.sent("poller-a", "board.getTaskTags", "E1");
      return told.tags("E1", ["design-generated"]);
    };
    expect(placesOf("G3", story(60, false))).toEqual(["E1 tag urgent"]);
    expect(placesOf("G3", story(60, true))).toEqual(["E1 tag urgent"]);
    // Within the time of one repeated call nobody can do better on this board.
    expect(placesOf("G3", story(5, false))).toEqual([]);
  });
});

describe("G4: text stays inside", () => {
  test("files in workspaces and in the state folder hold, others break it", () => {
    const places = (path: string): readonly string[] => placesOf("G4", Story.ofEpic(2).write(path, "x"));
    expect(places("/srv/projects/e1/DESIGN.md")).toEqual([]);
    expect(places("/srv/state/runs/E1/1-lane2-3.json")).toEqual([]);
    for (const path of ["/etc/passwd", "/srv/projects/DESIGN.md", "/srv/projects/../x/y", "/srv/statement/x"]) {
      expect(places(path)).toEqual([path]);
    }
  });

  test("a file that comes to lie outside by its renaming breaks it", () => {
    const story = Story.ofEpic(2).write("/srv/projects/e1/x", "x").rename("/srv/projects/e1/x", "/etc/x");
    expect(placesOf("G4", story)).toEqual(["/etc/x"]);
  });

  test("a link that the system makes breaks it, one that people make does not", () => {
    expect(placesOf("G4", Story.ofEpic(2).link("/srv/projects/e1/x", "/etc", "poller-a"))).toEqual(["link"]);
    expect(placesOf("G4", Story.ofEpic(2).link("/srv/projects/e1/x", "/etc", "people"))).toEqual([]);
  });

  test("a program that is none of the system's breaks it", () => {
    expect(placesOf("G4", Story.ofEpic(2).sent("program:git", "run", "x"))).toEqual([]);
    expect(placesOf("G4", Story.ofEpic(2).sent("program:sh", "run", "x"))).toEqual(["sh"]);
  });
});
