import { defaultDate, isoDate, shortDate, strictIsoDate } from "../date-text.ts";
import { treeId, subjectOf } from "./object.ts";
import type { Commit, ObjectId } from "./object.ts";
import { abbreviated } from "./revision.ts";

/** Fills in the placeholders of `--format`. undefined when one is not modelled. */
export function formatCommit(format: string, id: ObjectId, commit: Commit): string | undefined {
  let complete = true;
  const text = format.replace(/%(x[0-9a-fA-F]{2}|a[nedtiIs]|c[nedtiIs]|[A-Za-z%])/g, (_, name: string) => {
    const value = placeholder(name, id, commit);
    if (value === undefined) complete = false;
    return value ?? "";
  });
  return complete ? text : undefined;
}

function placeholder(name: string, id: ObjectId, commit: Commit): string | undefined {
  switch (name) {
    case "H":
      return id;
    case "h":
      return abbreviated(id);
    case "T":
      return treeId(commit.tree);
    case "P":
      return commit.parents.join(" ");
    case "p":
      return commit.parents.map(abbreviated).join(" ");
    case "s":
      return subjectOf(commit);
    case "B":
      return commit.message;
    case "b": {
      const blank = commit.message.indexOf("\n\n");
      return blank === -1 ? "" : commit.message.slice(blank + 2);
    }
    case "an":
      return commit.author.name;
    case "ae":
      return commit.author.email;
    case "ad":
      return defaultDate(commit.author.atSeconds);
    case "ai":
      return isoDate(commit.author.atSeconds);
    case "aI":
      return strictIsoDate(commit.author.atSeconds);
    case "as":
      return shortDate(commit.author.atSeconds);
    case "at":
      return String(commit.author.atSeconds);
    case "cn":
      return commit.committer.name;
    case "ce":
      return commit.committer.email;
    case "cd":
      return defaultDate(commit.committer.atSeconds);
    case "ci":
      return isoDate(commit.committer.atSeconds);
    case "cI":
      return strictIsoDate(commit.committer.atSeconds);
    case "cs":
      return shortDate(commit.committer.atSeconds);
    case "ct":
      return String(commit.committer.atSeconds);
    case "n":
      return "\n";
    case "%":
      return "%";
    default:
      return /^x[0-9a-fA-F]{2}$/.test(name) ? String.fromCharCode(Number.parseInt(name.slice(1), 16)) : undefined;
  }
}
