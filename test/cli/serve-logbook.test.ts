import { expect, test } from "vitest";
import { Logbook, type LogEntry } from "../../src/cli/serve/logbook.ts";
import { Monitor } from "../../src/cli/serve/monitor.ts";
import { noPaint } from "../../src/report/paint.ts";

function logbook(
  format: "json" | "human",
  secrets: readonly string[],
): { book: Logbook; lines: string[]; seen: LogEntry[] } {
  const lines: string[] = [];
  const seen: LogEntry[] = [];
  const book = new Logbook({
    format,
    paint: noPaint,
    write: (text) => lines.push(text),
    file: undefined,
    secrets,
    onEntry: (entry) => seen.push(entry),
  });
  return { book, lines, seen };
}

test.each(["json", "human"] as const)(
  "no secret stands in a line of the %s format, at any depth, nor as a URL spells it",
  (format) => {
    const { book, lines, seen } = logbook(format, ["p@ss word/1", "plain-token"]);
    book.say("model.failed", {
      reason: "refused key plain-token",
      request: { url: `http://h/?token=${encodeURIComponent("p@ss word/1")}`, headers: ["Bearer p@ss word/1"] },
      "plain-token": 1,
    });
    const all = lines.join("") + JSON.stringify(seen);
    expect(all).not.toMatch(/plain-token|p@ss|p%40ss/);
    expect(all).toContain("[secret]");
  },
);

test("a line of a role's log port keeps its task, and is a warning when it tells of a failure", () => {
  const { book, seen } = logbook("json", []);
  const line = {
    at: "2026-01-05T00:00:00.000Z",
    task: "tick 3",
    event: "poll.failed",
    fields: { reason: "no answer" },
  };
  book.sinkOf("poller-1")(JSON.stringify(line));
  expect(seen).toEqual([{ ...line, level: "warning", role: "poller-1" }]);
});

test("a board that fails is an alarm until it answers, and takes readiness away", () => {
  const monitor = new Monitor(60_000);
  monitor.add("poller-1");
  expect(monitor.isReady()).toBe(false);
  monitor.boardAnswered("poller-1");
  expect(monitor.isReady()).toBe(true);
  const { book, seen } = logbook("json", []);
  book.sinkOf("poller-1")(
    `{"at":"2026-01-05T00:00:00.000Z","task":"tick 1","event":"poll.failed","fields":{"reason":"down"}}`,
  );
  monitor.take(seen[0]!);
  expect(monitor.alarms()).toEqual([
    { what: "poller-1 cannot reach the board (1x)", why: "down", since: "2026-01-05T00:00:00.000Z" },
  ]);
  monitor.boardAnswered("poller-1");
  expect(monitor.alarms()).toEqual([]);
  monitor.stops();
  expect(monitor.isReady()).toBe(false);
});

test("what a role has to do without is an alarm until it works again", () => {
  const monitor = new Monitor(60_000);
  const { book, seen } = logbook("json", []);
  const say = (event: string, fields: object): void => {
    book.sinkOf("poller-1")(JSON.stringify({ at: "2026-01-05T00:00:09.000Z", task: "tick 1", event, fields }));
    monitor.take(seen.at(-1)!);
  };
  const since = Date.UTC(2026, 0, 5);
  say("alarm.raised", { alarm: "model", since, reason: "the model answered 503" });
  expect(monitor.alarms()).toEqual([
    {
      what: "poller-1 has to do without the model",
      why: "the model answered 503",
      since: "2026-01-05T00:00:00.000Z",
    },
  ]);
  say("alarm.cleared", { alarm: "model", since });
  expect(monitor.alarms()).toEqual([]);
});
