import { emptyRatchet, parseRatchet, serialiseRatchet } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Written in place, the ratchet can be cut off; read as empty, it unlocks everything. */
export const damagedRatchetIsEmpty: Mutant = {
  id: "F47",
  title: "a ratchet that cannot be read locks nothing, and it is written in place",
  scenario: "partial-spawn",
  expects: ["D1", "G1"],
  apply: (policies) => ({
    ...policies,
    ratchet: {
      ...policies.ratchet,
      async load({ ports, folder, label }) {
        const text = await ports.files.readText(`${folder}/ratchet.json`, { key: `${label}/ratchet` });
        const ratchet = text.kind === "ok" ? parseRatchet(text.value) : undefined;
        return { kind: "ok", value: ratchet ?? emptyRatchet };
      },
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
