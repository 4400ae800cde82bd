import { emptyRatchet, parseRatchet, serialiseRatchet } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Nothing is written without the ratchet, and nothing makes it whole again. */
export const damagedRatchetStopsAll: Mutant = {
  id: "F48",
  title: "a ratchet that cannot be read, once written in place, refuses every write from then on",
  scenario: "partial-spawn",
  expects: ["V1", "D1"],
  apply: (policies) => ({
    ...policies,
    ratchet: {
      ...policies.ratchet,
      async load({ ports, folder, label }) {
        const text = await ports.files.readText(`${folder}/ratchet.json`, { key: `${label}/ratchet` });
        if (text.kind !== "ok" && text.error.code !== "ENOENT") return { kind: "fail", reason: text.error.code };
        const ratchet = text.kind === "ok" ? parseRatchet(text.value) : emptyRatchet;
        if (ratchet === undefined) return { kind: "refused", reason: "the ratchet has no artifacts" };
        return { kind: "ok", value: ratchet };
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
