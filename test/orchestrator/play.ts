import { expect } from "vitest";
import { Explorer } from "../../src/explore/explorer.ts";
import type { HistoryEvent, NoteEvent } from "../../src/history/event.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { boardScenario, type BoardHands, type BoardWorldOptions } from "./board-world.ts";

export const small: BoardWorldOptions = {
  epics: 1,
  storiesPerEpic: 1,
  mandatoryFields: false,
  pollers: 1,
  webhook: false,
  failuresAllowed: true,
};

export interface Played {
  readonly hands: BoardHands;
  readonly events: readonly HistoryEvent[];
  readonly notes: readonly NoteEvent[];
  readonly file: (path: string) => string | undefined;
}

/** One run without faults, in which somebody does a thing as soon as it is time for it. */
export async function play(
  options: Partial<BoardWorldOptions>,
  when: (hands: BoardHands) => boolean,
  deed: (hands: BoardHands, ports: Ports) => Promise<void>,
): Promise<Played> {
  let hands: BoardHands | undefined;
  const scenario = boardScenario({
    ...small,
    ...options,
    meddle(board) {
      hands = board;
      options.meddle?.(board);
      board.world.process("meddler", async (ports) => {
        while (!when(board)) await ports.clock.sleep(100, { key: "watch" });
        await deed(board, ports);
      });
    },
  });
  return inMacrotask(() => {
    const plan = new Explorer(scenario, "first-due", runCaseNow).plan(0);
    const { history, verdict } = runCaseNow(scenario, plan.case, plan.exploration);
    expect(verdict).toEqual({ kind: "held" });
    const { disk } = hands!.world.host("server");
    return {
      hands: hands!,
      events: history.events,
      notes: history.events.flatMap((event) => (event.kind === "note" ? [event] : [])),
      file: (path) =>
        disk.stat(`/srv/projects/epic-1/${path}`)?.kind === "file"
          ? disk.readText(`/srv/projects/epic-1/${path}`)
          : undefined,
    };
  });
}

export function named(notes: readonly NoteEvent[], name: string): readonly string[] {
  return notes.filter((note) => note.name === name).map(({ fields }) => fields["path"] as string);
}
