import { describe, expect, test } from "vitest";
import type { Ports } from "../../../src/ports/ports.ts";
import { measureHistory } from "../../../src/limits/meters.ts";
import { callBoard, readCard, runOf } from "../../review/foot-guns/small-system.ts";

describe("the meters of a system that tells nothing of its runs", () => {
  async function worker(ports: Ports): Promise<void> {
    await callBoard(ports, "getAllTasks", { project_id: 1 }, "all cards");
    for (let turn = 0; turn < 3; turn++) await readCard(ports, 2);
    await callBoard(ports, "createComment", { task_id: 2, user_id: 1, content: "Done." }, "Card 2");
    await callBoard(ports, "createComment", { task_id: 1, user_id: 1, content: "Next." }, "Card 1");
  }

  test("know the cards that were there before by what calls about them say, and no lists", async () => {
    const { boardCalls, boardCallsByCard, commentsByCard } = measureHistory((await runOf({ worker })).events);
    expect(boardCalls).toBe(6);
    expect(Object.fromEntries(boardCallsByCard)).toEqual({ "Card 1": 1, "Card 2": 4 });
    expect(Object.fromEntries(commentsByCard)).toEqual({ "Card 1": 1, "Card 2": 1 });
  });

  test("leave out people", async () => {
    const { events } = await runOf({ worker: (ports) => readCard(ports, 1), people: worker });
    const { boardCallsByCard, commentsByCard } = measureHistory(events);
    expect(Object.fromEntries(boardCallsByCard)).toEqual({ "Card 1": 1 });
    expect(commentsByCard.size).toBe(0);
  });
});
