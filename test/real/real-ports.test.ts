import { expect, test } from "vitest";
import { realPorts } from "../../src/real/real-ports.ts";

test("each event is a JSON line with its time in UTC and the task that says it", () => {
  const lines: string[] = [];
  const ports = realPorts({ log: (line) => lines.push(line) });
  ports.log.event("started", { cards: [1, 2] });
  ports.fork("poll 7").log.event("polled", {});
  ports.fork("poll 7").fork("card 3").log.event("claimed", { text: "two\nlines" });
  expect(lines.join("")).not.toContain("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { at: expect.stringMatching(isoTime), task: "main", event: "started", fields: { cards: [1, 2] } },
    { at: expect.stringMatching(isoTime), task: "poll 7", event: "polled", fields: {} },
    { at: expect.stringMatching(isoTime), task: "poll 7/card 3", event: "claimed", fields: { text: "two\nlines" } },
  ]);
});

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
