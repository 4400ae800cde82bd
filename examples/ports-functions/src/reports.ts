import type { Ports } from "stormlane/ports";
import { callBoard } from "./board.ts";

/** Notes on a card that a part of its work is done. @returns whether the board said that it is written */
export type Report = (ports: Ports, card: number, part: string) => Promise<boolean>;

/** Reads the list of all parts, and writes it back with one more. What another one wrote in between is gone. */
export const reportInOneValue: Report = async (ports, card, part) => {
  const parts = await callBoard(ports, "getTaskMetadataByName", { task_id: card, name: "done" });
  if (typeof parts !== "string") return false;
  const values = { done: parts === "" ? part : `${parts}, ${part}` };
  return (await callBoard(ports, "saveTaskMetadata", { task_id: card, values })) === true;
};

/** Writes a value of its own for each part: there is nothing to read first, and nothing to write over. */
export const reportApart: Report = async (ports, card, part) => {
  const values = { [`done ${part}`]: part };
  return (await callBoard(ports, "saveTaskMetadata", { task_id: card, values })) === true;
};
