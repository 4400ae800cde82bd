import { sha256, type LockRequest, type Policies } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** One tag for three approvals: after the first one it says that all is done. */
export const lockedOnce: Mutant = {
  id: "F40",
  title: "a card that has the tag of an approval is not locked again",
  scenario: "lost-webhook",
  expects: ["G3", "V1"],
  apply: (policies) => ({
    ...policies,
    approval: {
      ...policies.approval,
      lock(request) {
        const tags = request.run.tagsAtDispatch ?? [];
        return tags.includes("locked") ? hashAsItStands(request) : policies.approval.lock(request);
      },
    },
  }),
};

async function hashAsItStands({ workspace, path }: LockRequest): ReturnType<Policies["approval"]["lock"]> {
  const content = await workspace.read(path);
  return content.kind === "ok" ? { kind: "ok", value: sha256(content.value ?? "") } : content;
}
