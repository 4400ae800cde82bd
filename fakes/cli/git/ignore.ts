import { posix } from "node:path";
import type { HostFiles } from "../../../src/ports/program.ts";
import { globExpression } from "./glob.ts";
import type { Repository } from "./repository.ts";

/**
 * What git leaves out when it looks for untracked files: `.gitignore` of each folder and `.git/info/exclude`.
 * Not modelled: `core.excludesFile`, escaped trailing spaces.
 */
export class IgnoreRules {
  private readonly repository: Repository;
  private readonly files: HostFiles;
  private readonly byFolder = new Map<string, readonly IgnoreRule[]>();

  constructor(repository: Repository, files: HostFiles) {
    this.repository = repository;
    this.files = files;
    this.byFolder.set("", [...this.load("", repository.path("info/exclude")), ...this.load("", this.file(""))]);
  }

  /** Whether this entry itself is ignored; one below an ignored folder is as well, which the caller knows. */
  ignores(path: string, kind: "file" | "folder" | "link"): boolean {
    // The closest folder decides, and in each file the last rule that matches.
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const rule = this.rulesOf(folder).findLast(
        (candidate) => (!candidate.foldersOnly || kind === "folder") && candidate.expression.test(path),
      );
      if (rule !== undefined) return !rule.negated;
      if (folder === "") return false;
    }
  }

  private rulesOf(folder: string): readonly IgnoreRule[] {
    let rules = this.byFolder.get(folder);
    if (rules === undefined) {
      rules = this.load(folder, this.file(folder));
      this.byFolder.set(folder, rules);
    }
    return rules;
  }

  private load(folder: string, path: string): readonly IgnoreRule[] {
    if (this.files.stat(path)?.kind !== "file") return [];
    return this.files
      .readText(path)
      .split("\n")
      .flatMap((line) => parseRule(folder, line.trimEnd()));
  }

  private file(folder: string): string {
    return posix.join(this.repository.root, folder, ".gitignore");
  }
}

interface IgnoreRule {
  readonly expression: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

function parseRule(folder: string, line: string): readonly IgnoreRule[] {
  if (line === "" || line.startsWith("#")) return [];
  const negated = line.startsWith("!");
  let pattern = negated ? line.slice(1) : line;
  const foldersOnly = pattern.endsWith("/");
  if (foldersOnly) pattern = pattern.slice(0, -1);
  // A slash at the start or in the middle ties the pattern to its folder; without one it holds at any depth.
  const tied = pattern.includes("/");
  const relative = tied ? pattern.replace(/^\//, "") : `**/${pattern}`;
  const base = folder === "" ? "" : `${folder.replace(/[*?[\\]/g, "\\$&")}/`;
  return [{ expression: globExpression(base + relative, { acrossFolders: false }), negated, foldersOnly }];
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === "." ? "" : parent;
}
