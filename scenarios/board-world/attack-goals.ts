import type { HistoryEvent, Sometimes } from "../../src/index.ts";
import { onceSeen } from "./goals.ts";
import { projectsFolder } from "./settings.ts";
import type { FileDeed } from "./slips.ts";

export function attackedBy(deed: FileDeed): Sometimes {
  return onceSeen(
    `operator: ${deed}`,
    ["note"],
    (event) => event.kind === "note" && event.name === "slip.made" && event.fields["kind"] === deed,
  );
}

/** Tests run beside the approved artifacts, and the code under test reaches them. */
export const attackedByTestedCode: Sometimes = changedByProgram("pytest", "code under test reached into a workspace");

/** The coder has no business in a workspace at all. */
export const attackedByCoder: Sometimes = changedByProgram("codex", "the coder reached into a workspace");

export const ratchetRebuilt = onceSeen(
  "a damaged ratchet was rebuilt from its records",
  ["note"],
  (event) => event.kind === "note" && event.name === "ratchet.rebuilt",
);

/** The card says so before the artifact is put back, and then it is. */
export const restoredAndReported: Sometimes = {
  name: "a changed artifact was reported on its card and put back",
  start(hit) {
    const told = new Set<string>();
    return {
      kinds: ["note", "change"],
      observe(event: HistoryEvent) {
        if (event.kind === "change" && event.change.type === "comment.created") told.add(event.op?.key ?? "");
        if (event.kind !== "note" || event.name !== "artifact.restored") return;
        if (told.has(event.fields["card"] as string)) hit();
      },
    };
  },
};

function changedByProgram(program: string, name: string): Sometimes {
  return onceSeen(name, ["change"], (event) => {
    if (event.kind !== "change" || event.change.store !== "disk") return false;
    const { by, path = "" } = event.change as { readonly by?: string; readonly path?: string };
    return by === `program:${program}` && isApproved(path);
  });
}

function isApproved(path: string): boolean {
  const inside = path.startsWith(`${projectsFolder}/`) ? path.slice(projectsFolder.length + 1) : "";
  return /^[^/]+\/(?:DESIGN\.md|prd\.json|tests\/test_\w+\.py|\.agentleeops\/(?:ratchet\.json|approvals\/.+))$/.test(
    inside,
  );
}
