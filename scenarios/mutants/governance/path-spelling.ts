import type { Mutant } from "../mutant.ts";

/** The ratchet knows a path by its letters, and whoever wrote it down used others. */
export const pathSpelling: Mutant = {
  id: "F44",
  title: "approved files are kept under their name in small letters, and asked for under their own",
  scenario: "timeouts",
  expects: ["G1", "G3", "V1", "D1"],
  apply: (policies) => ({
    ...policies,
    ratchet: {
      ...policies.ratchet,
      async load(files) {
        const loaded = await policies.ratchet.load(files);
        if (loaded.kind !== "ok") return loaded;
        const entries = Object.entries(loaded.value.artifacts);
        const artifacts = Object.fromEntries(entries.map(([path, artifact]) => [path.toLowerCase(), artifact]));
        return { kind: "ok", value: { ...loaded.value, artifacts } };
      },
    },
  }),
};
