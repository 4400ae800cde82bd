import type { Ports } from "../../ports/ports.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import type { Considered, Dispatcher } from "./dispatcher.ts";

/** Brings one card to the dispatcher, as a person at the command line does. */
export async function considerCard(dispatcher: Dispatcher, ports: Ports, cardId: number): Promise<Considered> {
  try {
    need(await dispatcher.prepare(ports), "reach the board");
    const board = dispatcher.openBoard(ports);
    const card = need(await board.getTask({ id: cardId, label: "a card" }), "read the card");
    if (card === null) return { kind: "ignored", reason: "there is no such card" };
    return await dispatcher.consider(ports, card, "manual");
  } catch (error) {
    if (!(error instanceof RunStop)) throw error;
    return { kind: "unavailable", reason: error.message };
  }
}
