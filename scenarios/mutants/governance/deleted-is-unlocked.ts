import type { RatchetFiles } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Delete and recreate: what is not there needs no guard, and what is written anew was never approved. */
export const deletedIsUnlocked: Mutant = {
  id: "F43",
  title: "an approved file that was deleted may be written anew",
  scenario: "timeouts",
  expects: ["G1", "V1"],
  apply: (policies) => ({
    ...policies,
    ratchet: {
      ...policies.ratchet,
      async load(files) {
        const loaded = await policies.ratchet.load(files);
        if (loaded.kind !== "ok") return loaded;
        const artifacts: typeof loaded.value.artifacts = Object.fromEntries(
          await entriesThatExist(files, loaded.value.artifacts),
        );
        return { kind: "ok", value: { ...loaded.value, artifacts } };
      },
    },
  }),
};

async function entriesThatExist<Entry>(
  { ports, folder, label }: RatchetFiles,
  artifacts: Readonly<Record<string, Entry>>,
): Promise<(readonly [string, Entry])[]> {
  const workspace = folder.slice(0, folder.lastIndexOf("/"));
  const found: (readonly [string, Entry])[] = [];
  for (const [path, entry] of Object.entries(artifacts)) {
    const stat = await ports.files.stat(`${workspace}/${path}`, { key: `${label}/${path}` });
    if (stat.kind === "ok") found.push([path, entry]);
  }
  return found;
}
