import type { Mutant } from "../mutant.ts";

/** Each lane that a card was dragged across counts as passed, and what lay there as read. */
export const oneDragApprovesAll: Mutant = {
  id: "F62",
  title: "who approves a plan has approved the design that it was made from",
  scenario: "human-mis-click",
  expects: ["G1", "G3"],
  apply: (policies) => ({
    ...policies,
    approval: {
      ...policies.approval,
      async lock(request) {
        const { run, workspace } = request;
        if (run.lane.lane !== 5) return policies.approval.lock(request);
        const design = await workspace.lock("DESIGN.md", { card: run.reference, basis: "0".repeat(16) });
        if (design.kind === "unknown") return design;
        const basis = workspace.hashOf("DESIGN.md")?.slice(0, 16) ?? request.basis;
        return policies.approval.lock({ ...request, basis });
      },
    },
  }),
};
