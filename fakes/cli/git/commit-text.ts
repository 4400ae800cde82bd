import { formatCommit } from "./commit-format.ts";
import { defaultDate } from "../date-text.ts";
import { isMerge } from "./object.ts";
import type { AnnotatedTag, Commit, ObjectId } from "./object.ts";
import { abbreviated } from "./revision.ts";

/** How `git log` and `git show` print commits. */
export interface CommitStyle {
  /** Without a final end of line. undefined when a placeholder is not modelled. */
  readonly text: (id: ObjectId, commit: Commit) => string | undefined;
  /** What stands between a commit and its changes, and what between two commits. */
  readonly kind: "medium" | "oneline" | "terminated" | "separated";
}

/** @param format of `--format` or `--pretty`; undefined when the style is not modelled */
export function commitStyle(format: string | undefined, oneline: boolean): CommitStyle | undefined {
  if (oneline || format === "oneline") {
    const template = format === "oneline" && !oneline ? "%H %s" : "%h %s";
    return { kind: "oneline", text: (id, commit) => formatCommit(template, id, commit) };
  }
  if (format === undefined || format === "medium") return { kind: "medium", text: mediumText };
  const template = format.replace(/^t?format:/, "");
  // A bare text counts as a format when it has a placeholder.
  if (template === format && !format.includes("%")) return undefined;
  return {
    kind: format.startsWith("format:") ? "separated" : "terminated",
    text: (id, commit) => formatCommit(template, id, commit),
  };
}

function mediumText(id: ObjectId, commit: Commit): string {
  const lines = [`commit ${id}`];
  if (isMerge(commit)) lines.push(`Merge: ${commit.parents.map(abbreviated).join(" ")}`);
  lines.push(`Author: ${commit.author.name} <${commit.author.email}>`);
  lines.push(`Date:   ${defaultDate(commit.author.atSeconds)}`, "");
  lines.push(
    ...commit.message
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
  );
  return lines.join("\n");
}

/** What `git show` prints in front of the commit that an annotated tag names. */
export function tagText(tag: AnnotatedTag): string {
  const { name, email, atSeconds } = tag.tagger;
  return `tag ${tag.name}\nTagger: ${name} <${email}>\nDate:   ${defaultDate(atSeconds)}\n\n${tag.message}`;
}
