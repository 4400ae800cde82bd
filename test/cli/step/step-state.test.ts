import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordRun, type RecordedRun } from "../../../src/cli/step/recorded-run.ts";
import { pressKey, startState, type StepState } from "../../../src/cli/step/step-state.ts";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { viewNames } from "../../../src/report/world-view.ts";

const run = toyRun(30, [4, 12], 20);

/** Notes of a process, faults at some of them, and a violation. */
function toyRun(count: number, faults: readonly number[], brokenAt?: number): RecordedRun {
  const events = Array.from({ length: count }, (_, index): HistoryEvent =>
    faults.includes(index)
      ? {
          kind: "fault",
          atUs: index * 1000,
          site: "left@0/main/disk.write(/a)#0",
          fault: "pause",
          params: {},
          effect: "none",
        }
      : {
          kind: "note",
          atUs: index * 1000,
          process: "left",
          incarnation: 0,
          task: "main",
          name: `note-${index}`,
          fields: {},
        },
  );
  const violation = {
    invariant: "C1",
    rule: "No update is lost.",
    place: "counter",
    message: "It was lost.",
    atUs: 0,
    eventIndex: brokenAt ?? 0,
  };
  return recordRun("toy, seed 1", events, brokenAt === undefined ? undefined : violation);
}

function press(state: StepState, ...names: readonly string[]): StepState {
  let now = state;
  for (const name of names) {
    const next = pressKey(now, { name, text: [...name].length === 1 ? name : "" }, run);
    if (next === "quit") throw new Error("quits");
    now = next;
  }
  return now;
}

const start = startState(0, []);

describe("a walk through a run", () => {
  test("goes to the next event and back again", () => {
    for (const next of ["right", "down", "space", "return"]) expect(press(start, next).at).toBe(1);
    for (const back of ["left", "up", "b"]) expect(press(start, "right", "right", back).at).toBe(1);
  });

  test("stays where it is at either end, and says so", () => {
    expect(press(start, "left")).toMatchObject({ at: 0, message: "this is the first event" });
    expect(press(start, "end", "right")).toMatchObject({ at: 29, message: "this is the last event" });
    expect(press(start, "end", "pagedown").message).toBe("this is the last event");
    expect(press(start, "pageup").message).toBe("this is the first event");
  });

  test("goes by tens, but not beyond the ends", () => {
    expect(press(start, "pagedown").at).toBe(10);
    expect(press(start, "pagedown", "pagedown", "pagedown").at).toBe(29);
    expect(press(start, "pagedown", "left", "pageup").at).toBe(0);
  });

  test("goes from fault to fault and to the violation, both ways", () => {
    expect(press(start, "n").at).toBe(4);
    expect(press(start, "n", "n", "n").at).toBe(20);
    expect(press(start, "n", "n", "n", "n")).toMatchObject({
      at: 20,
      message: "no fault or violation after this event",
    });
    expect(press(start, "end", "p", "p").at).toBe(12);
    expect(press(start, "p").message).toBe("no fault or violation before this event");
  });

  test("goes to an event by its number, and refuses what is none", () => {
    expect(press(start, "g", "1", "7", "return").at).toBe(17);
    expect(press(start, "g", "1", "7", "backspace", "return").at).toBe(1);
    expect(press(start, "g", "3", "0", "return")).toMatchObject({ at: 0, message: "no such event; there are 0 to 29" });
    expect(press(start, "g", "x", "return").message).toBe("no such event; there are 0 to 29");
    expect(press(start, "g", "1", "escape", "right").at).toBe(1);
    expect(press(start, "g", "return")).toMatchObject({ at: 0, message: "" });
  });

  test("finds the next event with a text, around the end, and the same once more", () => {
    expect(press(start, "/", ..."Note-1", "return").at).toBe(1);
    expect(press(start, "/", ..."note-1", "return", "/", "return").at).toBe(10);
    expect(press(start, "end", "/", ..."note-3", "return")).toMatchObject({ at: 3, message: "from the start again" });
    expect(press(start, "/", ..."disk.write", "return").at).toBe(4);
    expect(press(start, "/", ..."pigs", "return")).toMatchObject({ at: 0, message: "found nowhere" });
  });

  test("digits and letters that are typed into a line are no keys", () => {
    expect(press(start, "/", "q", "1", "n")).toMatchObject({ at: 0, panels: [], prompt: { text: "q1n" } });
  });

  test("shows and hides panels by their numbers, and one after the other", () => {
    expect(press(start, "3", "1").panels).toEqual(["board", "processes"]);
    expect(press(start, "3", "1", "3").panels).toEqual(["board"]);
    expect(press(start, "tab", "tab").panels).toEqual([viewNames[1]]);
    expect(press(start, ...viewNames.map(() => "tab"), "tab").panels).toEqual([]);
    expect(press(start, "1", "2", "tab").panels).toEqual([]);
  });

  test("ends with q, and with Ctrl-C wherever it is", () => {
    expect(pressKey(start, { name: "q", text: "q" }, run)).toBe("quit");
    expect(pressKey(press(start, "g"), { name: "ctrl-c", text: "" }, run)).toBe("quit");
  });

  test("says of a key that does nothing where all keys are named", () => {
    expect(press(start, "x").message).toContain("?");
  });

  test("never leaves the run, whatever keys are pressed", () => {
    const names = ["left", "right", "pageup", "pagedown", "home", "end", "n", "p", "g", "/", "return", "escape"];
    const keys = [...names, "backspace", "tab", "?", "1", "2", "3", "9", "x"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 60 }), (pressed) => {
        const state = press(start, ...pressed);
        expect(run.steps[state.at]).toBeDefined();
        expect(state.panels).toEqual(viewNames.filter((view) => state.panels.includes(view)));
      }),
    );
  });
});

describe("what is recorded of a run", () => {
  test("marks faults and the violation, with why it is one", () => {
    expect(run.marked).toEqual([4, 12, 20]);
    expect(run.steps[4]!.mark).toBe("fault");
    expect(run.steps[20]).toMatchObject({ mark: "violation", why: "C1: It was lost." });
  });

  test("marks the last event for what should have happened by the end", () => {
    expect(toyRun(5, [], 99).marked).toEqual([4]);
    expect(toyRun(5, []).marked).toEqual([]);
  });
});
