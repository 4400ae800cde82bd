import type { Answer } from "../answer.ts";
import { pathComponent } from "../decide/reference.ts";
import { failed, GuardedFolder, isAbsence } from "../workspace/guarded-folder.ts";
import { indexDocument, indexPage, parseStatus, type IndexEntry } from "./dashboard.ts";
import { listPackages, writeChanged, type PackageShelf } from "./open-package.ts";

/**
 * Writes `index.json` and `README.md` over all packages from what their dashboards say. Asks for no lease but that of
 * the writer itself: the index follows from whole files and can be written again at any time.
 *
 * @param writer names who writes: two that may live at the same time share neither a name nor a temporary file
 */
export async function writeIndex(shelf: PackageShelf, writer: string): Promise<Answer<readonly IndexEntry[]>> {
  const { ports, folder } = shelf;
  const real = await ports.files.realPath(folder, { key: "work-packages" });
  if (real.kind !== "ok") return isAbsence(real.error) ? { kind: "ok", value: [] } : failed(real);
  const names = await listPackages(shelf);
  if (names.kind !== "ok") return names;
  const root = new GuardedFolder({
    ...shelf,
    root: folder,
    realRoot: real.value,
    temporaryFolder: `${folder}/.tmp/${pathComponent(writer)}`,
    label: "work-packages",
  });
  const entries: IndexEntry[] = [];
  for (const name of names.value) {
    const text = await root.read(`${name}/dashboard/status.json`);
    if (text.kind !== "ok") return text;
    const shown = text.value === undefined ? undefined : parseStatus(text.value);
    const why = "it has no whole status: its next opening writes one";
    entries.push(
      shown === undefined ? { kind: "unreadable", folder: name, why } : { kind: "package", folder: name, shown },
    );
  }
  const files: readonly (readonly [string, string])[] = [
    ["index.json", `${JSON.stringify(indexDocument(entries), undefined, 2)}\n`],
    ["README.md", indexPage(entries)],
  ];
  for (const [path, content] of files) {
    const written = await writeChanged(root, path, content);
    if (written.kind !== "ok") return written;
  }
  return { kind: "ok", value: entries };
}
