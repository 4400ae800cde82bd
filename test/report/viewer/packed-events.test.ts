import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { eventLine } from "../../../src/history/journal.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { packEvents, unpackEvents } from "../../../src/report/viewer/packed-events.ts";
import { recordedEvents } from "./recorded-run.ts";

beforeAll(() => installGuards());

describe("packed events", () => {
  test.each(["partial-spawn", "duplicate-webhooks", "crash-anywhere", "malformed-cli-output"])(
    "give the events of %s again, whatever struck them",
    async (scenario) => {
      for (const seed of [1, 2, 3]) {
        const events = await recordedEvents(scenario, "portfolio", seed);
        const read = JSON.parse(JSON.stringify(packEvents(events))) as ReturnType<typeof packEvents>;
        expect(unpackEvents(read).map(eventLine)).toEqual(events.map(eventLine));
      }
    },
  );

  test("keep a site that is not put together of the parts of its operation", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (site, text, atUs) => {
        const op = { id: 7, site, process: text, incarnation: 2, taskName: text, name: text, key: text, occurrence: 3 };
        const events: HistoryEvent[] = [
          { kind: "sent", atUs, op },
          { kind: "effect", atUs: atUs + 5, op, step: 1 },
          { kind: "answered", atUs: atUs + 5, op, outcome: "unknown", detail: text },
          { kind: "fault", atUs: atUs + 9, site, fault: text, params: { text }, effect: "later" },
          { kind: "change", atUs: atUs + 9, op: undefined, change: { store: "disk", type: text, [text]: site } },
        ];
        expect(unpackEvents(packEvents(events)).map(eventLine)).toEqual(events.map(eventLine));
      }),
    );
  });

  test("have an operation and a text once only", async () => {
    const events = await recordedEvents("partial-spawn", "first-due", 0);
    const { texts, ops } = packEvents(events);
    expect(new Set(texts).size).toBe(texts.length);
    expect(ops.length).toBeLessThan(events.length / 2);
    const journal = events.map(eventLine).join("\n");
    expect(JSON.stringify(packEvents(events)).length).toBeLessThan(journal.length / 3);
  });
});
