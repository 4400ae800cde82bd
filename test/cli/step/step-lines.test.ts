import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparePanels, Panels, type PanelLine } from "../../../src/cli/step/panel-lines.ts";
import { recordRun } from "../../../src/cli/step/recorded-run.ts";
import { stepLines } from "../../../src/cli/step/step-lines.ts";
import { startState } from "../../../src/cli/step/step-state.ts";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { noPaint } from "../../../src/report/paint.ts";
import { tableLines } from "../../../src/report/table.ts";
import { viewNames } from "../../../src/report/world-view.ts";

function card(atUs: number, change: Record<string, string | number>): HistoryEvent {
  return { kind: "change", atUs, op: undefined, change: { store: "board", type: "card.created", ...change } };
}

const events = [
  card(0, { card: 1, title: "first", column: "Backlog" }),
  card(10, { card: 2, title: "second", column: "Backlog" }),
  card(20, { type: "card.moved", card: 1, from: "Backlog", to: "Waiting for approval" }),
  card(30, { type: "card.removed", card: 2 }),
];
const run = recordRun("toy, seed 1", events);

function page(at: number, size: { columns: number; rows: number }, panels = viewNames): string[] {
  const panel = (view: (typeof viewNames)[number]) => new Panels(events).linesAfter(view, at);
  return stepLines({ run, state: startState(at, panels), panel, size, paint: noPaint });
}

describe("a panel", () => {
  const changes = (at: number): readonly string[] =>
    new Panels(events)
      .linesAfter("board", at)
      .filter(({ change }) => change !== "none")
      .map(({ text, change }) => `${change}: ${text.trim().split("  ")[0]}`);

  test("says which rows an event made, changed or took away, and of the others nothing", () => {
    expect(changes(0)).toEqual(["changed: card first (1)"]);
    expect(changes(1)).toEqual(["changed: card second (2)"]);
    // The column gets wider, and with it every row.
    expect(changes(2)).toEqual(["changed: card first (1)"]);
    expect(changes(3)).toEqual(["gone: card second (2)"]);
  });

  test("is the same however one came to the event", () => {
    const walked = new Panels(events);
    fc.assert(
      fc.property(fc.constantFrom(...viewNames), fc.nat({ max: events.length - 1 }), (view, at) => {
        expect(walked.linesAfter(view, at)).toEqual(new Panels(events).linesAfter(view, at));
      }),
    );
  });

  test("of what did not change has no change, whatever its rows are", () => {
    const cell = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== "" && !/\s{2}/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (rows) => {
        const lines = ["  title", ...tableLines([{ title: "a" }, { title: "b" }], rows)];
        expect(comparePanels(lines, lines).every(({ change }) => change === "none")).toBe(true);
      }),
    );
  });
});

describe("the page of a step", () => {
  test("has the event, those around it, its words in full, and the panels with what it changed", () => {
    const lines = page(2, { columns: 80, rows: 24 });
    expect(lines[0]).toBe("toy, seed 1");
    expect(lines[1]).toContain("event 2 / 3");
    expect(lines.find((line) => line.startsWith(">"))).toContain("card first (1)");
    expect(lines.filter((line) => /^. {2}\d {2}/.test(line))).toHaveLength(4);
    expect(lines.find((line) => line.startsWith("+"))).toContain("Waiting for approval");
    expect(lines.at(-1)).toContain("q quit");
  });

  test("shows panels beside the events where there is room, and below them elsewhere", () => {
    expect(page(2, { columns: 160, rows: 24 }).some((line) => /^> .*│/.test(line))).toBe(true);
    expect(page(2, { columns: 120, rows: 24 }).some((line) => line.includes("│"))).toBe(false);
  });

  test("keeps what changed in sight when a panel does not fit", () => {
    const many = Array.from({ length: 60 }, (_, index): PanelLine => {
      return { text: `    row ${index}`, change: index === 50 ? "changed" : "none" };
    });
    const state = startState(0, ["board"]);
    for (const columns of [80, 160]) {
      const size = { columns, rows: 24 };
      const lines = stepLines({ run, state, panel: () => many, size, paint: noPaint });
      expect(lines.some((line) => line.includes("+ row 50"))).toBe(true);
      expect(lines.some((line) => line.includes("more lines"))).toBe(true);
    }
  });

  test("fits any terminal, with the present event in sight where there is room for it", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    const screen = fc.record({
      titles: fc.array(text, { minLength: 1, maxLength: 40 }),
      panels: fc.subarray([...viewNames]),
      columns: fc.integer({ min: 1, max: 220 }),
      rows: fc.integer({ min: 1, max: 60 }),
      at: fc.nat(),
      message: text,
      showsHelp: fc.boolean(),
    });
    const property = fc.property(screen, ({ titles, panels, columns, rows, at, message, showsHelp }) => {
      const hostile = titles.map((title, index) => card(index, { card: index, title, column: title }));
      const recorded = recordRun(titles[0]!, hostile);
      const state = { ...startState(at % hostile.length, panels), message: "", showsHelp };
      const prompt = { kind: "search", text: message } as const;
      const lines = stepLines({
        run: recorded,
        state: { ...state, prompt },
        panel: (view) => new Panels(hostile).linesAfter(view, state.at),
        size: { columns, rows },
        paint: noPaint,
      });
      expect(lines).toHaveLength(rows);
      for (const line of lines) {
        expect([...line].length).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }
      if (rows > 12 && columns > 12 && !showsHelp) expect(lines.filter((line) => line.startsWith(">"))).toHaveLength(1);
    });
    fc.assert(property, { numRuns: 60 });
  });
});
