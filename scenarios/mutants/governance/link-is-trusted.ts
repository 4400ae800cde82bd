import type { Mutant } from "../mutant.ts";

/** Only the file itself is compared; what a link leads to is somebody else's. */
export const linkIsTrusted: Mutant = {
  id: "F45",
  title: "an approved file that was replaced by a link counts as intact",
  scenario: "timeouts",
  expects: ["G1", "G2", "V1"],
  apply: (policies) => ({
    ...policies,
    ratchet: {
      ...policies.ratchet,
      async isIntact(found) {
        const { files, path } = found;
        const workspace = files.folder.slice(0, files.folder.lastIndexOf("/"));
        const stat = await files.ports.files.stat(`${workspace}/${path}`, { key: `${files.label}/${path}` });
        return (stat.kind === "ok" && stat.value.kind === "link") || policies.ratchet.isIntact(found);
      },
    },
  }),
};
