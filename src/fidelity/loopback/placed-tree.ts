import { fileURLToPath } from "node:url";
import { SourceTree } from "../../inprocess/loading/source-tree.ts";

/** Files as the simulation loads them, where they really are: code sees no `/app`. */
export class PlacedTree extends SourceTree {
  constructor(entry: string) {
    super(entry, []);
  }

  override virtualPath(path: string): string {
    return path;
  }

  override realPath(named: string | URL): string {
    const text = String(named);
    return text.startsWith("file:///") ? fileURLToPath(text) : text;
  }
}
