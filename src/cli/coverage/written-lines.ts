import { fileURLToPath } from "node:url";
import { SourceTree } from "../../inprocess/loading/source-tree.ts";
import { writtenPlace } from "../../inprocess/loading/stack-places.ts";
import { globalNames } from "../../inprocess/node/global-scope.ts";
import type { WrittenLines } from "./system-code.ts";

/**
 * Where the lines of a system that runs unmodified were written. It compiles files of its own, so nothing is counted after it.
 *
 * @param path absolute path of one of its files
 * @param sources as they run, by URL
 */
export function writtenLinesOf(path: string, sources: ReadonlyMap<string, string>): WrittenLines {
  const tree = new SourceTree(path, globalNames);
  return (url, lines) => {
    const unit = tree.unit(tree.realPath(fileURLToPath(url)));
    const running = (sources.get(url) ?? "").split("\n");
    const written = lines.flatMap((line) => {
      const column = /\S/.exec(running[line - 1] ?? "")?.index ?? 0;
      return writtenPlace(unit, { line, column: column + 1 })?.line ?? [];
    });
    return [...new Set(written)].toSorted((left, right) => left - right);
  };
}
