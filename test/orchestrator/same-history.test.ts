import { expect, test } from "vitest";
import { Explorer } from "../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { defaultPolicies, runCard } from "../../src/orchestrator/orchestrator.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { boardScenario, config, type BoardWorldOptions } from "./board-world.ts";

const board = { epics: 1, storiesPerEpic: 1, mandatoryFields: false, pollers: 0, webhook: false };

const starts: Readonly<Record<string, BoardWorldOptions>> = {
  poller: { ...board, pollers: 1 },
  webhook: { ...board, webhook: true },
  manual: {
    ...board,
    meddle(hands) {
      hands.world.process(
        "by hand",
        async (ports) => {
          for (;;) {
            for (const reference of ["EPIC-1", "EPIC-1/S1"]) {
              const found = hands.card(reference);
              if (found !== undefined) await runCard(ports, config, defaultPolicies, found.id);
            }
            await ports.clock.sleep(1_000, { key: "by hand" });
          }
        },
        { daemon: true },
      );
    },
  },
};

/**
 * What the runs of cards did, in order: their calls and notes, without who started them and when. A process that begins
 * anew makes sure of a folder that an older one knows to be safe: the same thing twice in a row counts once.
 */
function deedsOf(events: readonly HistoryEvent[]): readonly string[] {
  const deeds = events.flatMap((event) => {
    if (event.kind === "sent" && event.op.taskName.startsWith("card ")) {
      return `${event.op.taskName}: ${withoutTimes(event.op.name)}(${withoutTimes(event.op.key)})`;
    }
    if (event.kind !== "note" || !event.task.startsWith("card ")) return [];
    const fields = Object.entries(event.fields).filter(([name]) => !ofTheStart.has(name));
    return `${event.task}: ${event.name} ${withoutTimes(JSON.stringify(fields))}`;
  });
  return deeds.filter((deed, index) => deed !== deeds[index - 1]);
}

const ofTheStart: ReadonlySet<string> = new Set(["trigger", "generation", "cause", "dateMoved"]);

/** Of moves, in names of files. */
function withoutTimes(text: string): string {
  return text.replace(/\b1767\d{6}\b/g, "<time>");
}

test("a card has the same history whoever starts its runs: webhook, poller or hand", async () => {
  const histories = await inMacrotask(() =>
    Object.values(starts).map((options) => {
      const scenario = boardScenario(options);
      const plan = new Explorer(scenario, "first-due", runCaseNow).plan(0);
      const { history, verdict } = runCaseNow(scenario, plan.case, plan.exploration);
      expect(verdict).toEqual({ kind: "held" });
      return deedsOf(history.events);
    }),
  );
  const [poller, webhook, manual] = histories;
  expect(poller!.length).toBeGreaterThan(500);
  expect(webhook).toEqual(poller);
  expect(manual).toEqual(poller);
});
