import type { HistoryEvent, Sometimes } from "../../src/index.ts";
import { onceSeen } from "./goals.ts";

/** A person's move over a gate is an approval of its own. */
export const approvedByMove = eventRecorded("a move over a gate was recorded as an approval", "approval");

export const packageTakenBack = eventRecorded("a work package was taken back with its card", "rollback");

export const gateClosed = onceSeen(
  "a closed gate of a work package kept an agent from starting",
  ["note"],
  (event) =>
    event.kind === "note" &&
    event.name === "run.finished" &&
    event.fields["outcome"] === "failed" &&
    /gate|still in/.test(event.fields["reason"] as string),
);

/** By the file that each event of a work package leaves. */
function eventRecorded(name: string, type: string): Sometimes {
  return onceSeen(name, ["change"], (event) => isEventFile(event, type));
}

function isEventFile(event: HistoryEvent, type: string): boolean {
  return (
    event.kind === "change" &&
    event.change.store === "disk" &&
    event.change.type === "file.renamed" &&
    new RegExp(`/work-packages/[^/]+/approvals/[^/]+-${type}-\\d+\\.json$`).test(event.change["to"] as string)
  );
}
