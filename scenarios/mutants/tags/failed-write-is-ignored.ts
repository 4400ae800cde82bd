import type { Mutant } from "../mutant.ts";

/** A warning in the log, and on with the work: what the card says is left to luck, and nobody looks again. */
export const failedWriteIsIgnored: Mutant = {
  id: "F11",
  title: "tags that could not be written are taken for written",
  scenario: "duplicate-webhooks",
  expects: ["V1", "O1"],
  apply: (policies) => ({
    ...policies,
    limits: { ...policies.limits, boardTriesMax: 1 },
    tags: {
      async write(change) {
        const written = await policies.tags.write(change);
        return written.kind === "ok" ? written : { kind: "ok", value: change.atDispatch ?? [] };
      },
    },
  }),
};
