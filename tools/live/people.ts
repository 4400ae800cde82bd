import { PeopleBoard, type SeenBoard } from "../../scenarios/board-world/people-board.ts";
import {
  isFailed,
  isSettled,
  planDeeds,
  signatureOfBoard,
  type Deed,
} from "../../scenarios/board-world/people-plan.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import type { Ports } from "../../src/ports/ports.ts";

/** What people see after a look, and the deeds that follow from it. */
export interface Glance {
  readonly settled: boolean;
  /** Changes when anything on the board does. */
  readonly signature: string;
  /** Cards that show a failure. */
  readonly failed: readonly string[];
}

/** The people of the scenarios, in front of a real board: the same deeds, one look at a time. */
export class LivePeople {
  private readonly board: PeopleBoard;
  private readonly workload: Workload;

  constructor(ports: Ports, workload: Workload) {
    this.board = new PeopleBoard(ports);
    this.workload = workload;
  }

  /** undefined when the board did not answer. */
  async lookAndAct(): Promise<Glance | undefined> {
    const seen = await this.board.look();
    if (seen === undefined) return undefined;
    const deeds = planDeeds(this.workload, seen, new Set());
    for (const deed of deeds) await this.perform(deed, seen);
    return {
      settled: deeds.length === 0 && isSettled(this.workload, seen),
      signature: signatureOfBoard(seen),
      failed: seen.cards
        .filter(isFailed)
        .map((card) => `${card.reference} in lane ${card.lane}: ${card.tags.join(", ")}`),
    };
  }

  private async perform(deed: Deed, seen: SeenBoard): Promise<void> {
    const { board } = this;
    switch (deed.kind) {
      case "create": {
        const { title, description, reference } = this.epic(deed.reference);
        await board.createCard({ title, description, reference });
        return;
      }
      case "close-double":
        await board.close(deed.card);
        return;
      case "release": {
        const fields = await board.fields(deed.card);
        const { dirname } = this.epic(deed.card.reference);
        if (fields?.["dirname"] === dirname) await board.move(seen, deed.card, deed.to);
        else if (fields !== undefined) await board.saveFields(deed.card, { dirname, context_mode: "NEW" });
        return;
      }
      case "approve-plan":
        // What is not attached yet cannot be approved: they look again later.
        if ((await board.attachment(deed.card, "prd.json")) === undefined) return;
        await board.move(seen, deed.card, deed.card.lane + 1);
        return;
      case "move":
        await board.move(seen, deed.card, deed.to);
        return;
      case "slip":
        throw new Error("people who slip are not part of a live run");
    }
  }

  private epic(reference: string): Workload["epics"][number] {
    const epic = this.workload.epics.find((each) => each.reference === reference);
    if (epic === undefined) throw new Error(`nobody asked for ${reference}`);
    return epic;
  }
}
