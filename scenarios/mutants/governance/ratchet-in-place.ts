import { serialiseRatchet } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Whoever reads while it is written, or after a kill in the middle, sees a half. */
export const ratchetInPlace: Mutant = {
  id: "F49",
  title: "the ratchet is written in place",
  scenario: "crash-anywhere",
  expects: ["D1"],
  apply: (policies) => ({
    ...policies,
    ratchet: {
      ...policies.ratchet,
      async save({ ports, folder, label }, ratchet) {
        const path = `${folder}/ratchet.json`;
        const written = await ports.files.write(path, serialiseRatchet(ratchet), { key: `${label}/ratchet` });
        return written.kind === "ok"
          ? { kind: "ok", value: undefined }
          : { kind: written.kind, reason: written.error.code };
      },
    },
  }),
};
