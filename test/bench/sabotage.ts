import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assert } from "../../src/base/assert.ts";

/** A change of one source file: what stands there once is replaced. */
export interface Sabotage {
  /** From the root of the project, as `src/bench/verdict.ts`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of some sources under the temporary folder, changed there. */
export class SabotagedCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "stormlane-sabotage-"));

  /** @param paths files and folders from the root of the project, with all that they import */
  constructor(paths: readonly string[], sabotages: readonly Sabotage[]) {
    for (const path of paths) cpSync(join(root, path), join(this.folder, path), { recursive: true });
    writeFileSync(join(this.folder, "package.json"), '{ "type": "module" }\n');
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    for (const { file, from, to } of sabotages) {
      const path = join(this.folder, file);
      const text = readFileSync(path, "utf8");
      assert(text.split(from).length === 2, `${file} has this once, and no longer: ${from}`);
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
    }
  }

  import(file: string): Promise<unknown> {
    return import(/* @vite-ignore */ pathToFileURL(join(this.folder, file)).href);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const root = fileURLToPath(new URL("../../", import.meta.url));
