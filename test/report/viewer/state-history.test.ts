import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { CardNames } from "../../../src/report/card-names.ts";
import { plainLine } from "../../../src/report/plain-line.ts";
import { WorldState } from "../../../src/report/world-state.ts";
import { showView } from "../../../src/report/world-view.ts";
import type { ComparedRow } from "../../../src/report/viewer/page/row-differences.ts";
import { StateHistory } from "../../../src/report/viewer/page/state-history.ts";
import { comparePanels } from "../../../src/report/viewer/page/state-comparison.ts";
import { panels, StateRows } from "../../../src/report/viewer/page/state-rows.ts";
import { recordedEvents } from "./recorded-run.ts";

beforeAll(() => installGuards());

function foldedState(events: readonly HistoryEvent[]): WorldState {
  const state = new WorldState();
  for (const event of events) state.apply(event);
  return state;
}

describe("the state of a viewer", () => {
  test.each(["partial-spawn", "crash-anywhere", "coder-edits-tests"])(
    "is at every event of %s what all events before it make of the world, in whatever order it is asked for",
    async (scenario) => {
      const runs = await Promise.all([1, 2].map((seed) => recordedEvents(scenario, "portfolio", seed)));
      fc.assert(
        fc.property(fc.nat(runs.length - 1), fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (run, asked) => {
          const events = runs[run]!;
          const states = new StateHistory(events);
          for (const length of asked.map((number) => number % (events.length + 1))) {
            expect(states.after(length)).toEqual(foldedState(events.slice(0, length)));
          }
        }),
        { numRuns: 30 },
      );
      for (const events of runs) {
        const states = new StateHistory(events);
        const state = new WorldState();
        for (const [index, event] of events.entries()) {
          state.apply(event);
          expect(states.after(index + 1)).toEqual(state);
        }
      }
    },
  );

  test("has the cards, files and processes that --show has", async () => {
    const events = await recordedEvents("coder-edits-tests", "portfolio", 3);
    for (let length = 0; length <= events.length; length += 61) {
      const seen = events.slice(0, length);
      const cards = new CardNames(seen);
      const state = new StateHistory(events).after(length);
      for (const [panel, view] of [
        ["board", "board"],
        ["files", "files"],
      ] as const) {
        const lines = showView(view, seen);
        const rows = new StateRows(cards).rows(panel, state);
        expect(lines.length).toBe(rows.length === 0 ? 1 : rows.length + 3);
        for (const [index, row] of rows.entries()) {
          const line = lines[index + 3]!;
          expect(line).toContain(plainLine(row.title, panel === "board" ? 60 : 100));
          if (panel === "board") expect(line).toContain(row.fields.find(({ name }) => name === "column")!.value);
        }
      }
      const shown = showView("processes", seen);
      for (const [name, { state: turn }] of state.processes) {
        expect(shown.some((line) => line.includes(name) && line.includes(turn))).toBe(true);
      }
    }
  });

  test("keeps what it told: a later state does not change an earlier one", async () => {
    const events = await recordedEvents("partial-spawn", "portfolio", 5);
    const states = new StateHistory(events);
    const early = states.after(100);
    const told = JSON.stringify(panels.map((panel) => new StateRows(new CardNames(events)).rows(panel, early)));
    for (let length = 101; length <= events.length; length++) states.after(length);
    expect(JSON.stringify(panels.map((panel) => new StateRows(new CardNames(events)).rows(panel, early)))).toBe(told);
  });
});

test("two states of a run differ where their rows do, although most records are not looked at", async () => {
  const events = await recordedEvents("coder-edits-tests", "portfolio", 2);
  const states = new StateHistory(events);
  const rows = new StateRows(new CardNames(events));
  fc.assert(
    fc.property(fc.nat(events.length), fc.nat(events.length), (left, right) => {
      const compared = comparePanels(
        { state: states.after(left), rows },
        { state: states.after(right), rows: new StateRows(new CardNames(events)) },
      );
      for (const panel of panels) {
        const all = compared[panel].rows();
        const byKey = (rows: readonly ComparedRow[]): Map<string, ComparedRow> =>
          new Map(rows.filter(({ what }) => what !== "same").map((each) => [`${each.what} ${each.row.key}`, each]));
        expect(byKey(compared[panel].differing)).toEqual(byKey(all));
        expect(compared[panel].count).toBe(all.filter(({ what }) => what !== "removed").length);
      }
    }),
    { numRuns: 40 },
  );
});

describe("a world", () => {
  const note = (name: string, fields: Record<string, string>, process = "poller-a"): HistoryEvent => ({
    kind: "note",
    atUs: 5,
    process,
    incarnation: 0,
    task: "main",
    name,
    fields,
  });

  test("holds a lease until its holder gives it back, and not until a former holder does", () => {
    const taken = [
      note("lease.acquired", { scope: "EPIC-1", generation: "1" }),
      note("lease.acquired", { scope: "EPIC-1", generation: "2" }, "poller-b"),
    ];
    const late = note("lease.released", { scope: "EPIC-1", generation: "1" });
    expect(foldedState([...taken, late]).leases.get("EPIC-1")?.holder).toBe("poller-b");
    const released = note("lease.released", { scope: "EPIC-1", generation: "2" }, "poller-b");
    expect(foldedState([...taken, late, released]).leases.size).toBe(0);
  });

  test("has what hangs on a card until it is taken away", () => {
    const changes = [
      { type: "card.created", title: "Pay", reference: "S1", column: "Design", tags: [] },
      { type: "metadata.saved", name: "dirname", value: "epic" },
      { type: "link.created", label: "blocks", opposite: 4 },
      { type: "comment.created", comment: 9, text: "why" },
      { type: "file.created", file: 2, name: "a.md", sizeBytes: 3 },
    ];
    const gone = [
      { type: "metadata.saved", name: "dirname", value: null },
      { type: "link.removed", label: "blocks", opposite: 4 },
      { type: "comment.removed", comment: 9 },
      { type: "file.removed", file: 2, name: "a.md" },
    ];
    const events = (list: readonly object[]): HistoryEvent[] =>
      list.map((change) => ({
        kind: "change",
        atUs: 0,
        op: undefined,
        change: { store: "board", card: 1, ...change } as never,
      }));
    const card = foldedState(events(changes)).cards.get(1)!;
    expect([card.name, card.metadata.get("dirname"), card.comments.get("9"), card.attachments.get("a.md")]).toEqual([
      "S1",
      "epic",
      "why",
      3,
    ]);
    expect(card.links).toEqual([{ label: "blocks", opposite: 4 }]);
    const bare = foldedState(events([...changes, ...gone])).cards.get(1)!;
    expect([bare.metadata.size, bare.links.length, bare.comments.size, bare.attachments.size]).toEqual([0, 0, 0, 0]);
  });
});
