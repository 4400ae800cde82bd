import type { Ports } from "stormlane/ports";
import { call, type Card } from "./board.ts";

/** Whether the card is ours from now on. */
export type Claim = (ports: Ports, card: Card) => Promise<boolean>;

/** The board refuses a second tag of one name: of many workers one gets it. */
export const claimByName: Claim = async (ports, { id, title }) =>
  typeof (await call(ports, "createTag", { project_id: 1, tag: `claim-${id}` }, title)) === "number";

/** Looks whether the card is taken, and takes it if not. Between the two another worker may do the same. */
export const claimByLooking: Claim = async (ports, { id, title }) => {
  const tags = await call(ports, "getTaskTags", { task_id: id }, title);
  if (tags === undefined || Object.values(tags as object).includes("claimed")) return false;
  return (await call(ports, "setTaskTags", { project_id: 1, task_id: id, tags: ["claimed"] }, title)) === true;
};
