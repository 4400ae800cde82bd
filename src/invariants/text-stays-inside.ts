import type { DiskChange } from "../history/changes.ts";
import type { OpIdentity } from "../history/event.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";

/** G4. */
export function textStaysInside(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "G4",
    rule: "Text of cards and models names no file outside the workspace and starts no program.",
    start: (evidence, report) => reachJudge(evidence, report),
  });
}

function reachJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { facts } = evidence;
  const workspaceFile = new RegExp(`^${escaped(facts.projectsFolder)}/[a-z0-9][a-z0-9-]*/`);
  let judged = 0;

  function judgeChange(change: DiskChange): void {
    if (!evidence.isSystem(change.by) && change.by !== "program:git") return;
    judged++;
    const path = change.type === "file.renamed" ? change.to : change.path;
    if (change.type === "link.made") {
      report({ place: "link", message: `${change.by} made a link to ${change.target} at ${path}.` });
      return;
    }
    const inside = path.startsWith(`${facts.stateFolder}/`) || workspaceFile.test(path);
    if (inside && !path.split("/").includes("..")) return;
    report({
      place: path,
      message: `${change.by} changed ${path}, which lies in no workspace.`,
      expected: `below ${facts.projectsFolder} or ${facts.stateFolder}`,
      actual: path,
    });
  }

  function judgeProgram(op: OpIdentity): void {
    const name = op.process.slice("program:".length);
    judged++;
    if (facts.programs.includes(name)) return;
    report({ place: name, message: `The program ${name} was started.`, expected: facts.programs, actual: name });
  }

  return {
    kinds: ["change", "sent"],
    stores: ["disk"],
    observe(event) {
      if (event.kind === "change" && event.change.store === "disk") judgeChange(event.change as DiskChange);
      if (event.kind === "sent" && event.op.process.startsWith("program:")) judgeProgram(event.op);
    },
    checked: () => judged,
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
