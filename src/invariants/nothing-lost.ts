import type { AnsweredEvent, NoteEvent, ProcessEvent } from "../history/event.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { textField } from "./note-fields.ts";

/** D1. That an acknowledged cause does not run again is I1's. */
export function nothingLost(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "D1",
    rule: "After a crash at any step nothing acknowledged is lost and no file is half-written.",
    start: (evidence, report) => durabilityJudge(evidence, report),
  });
}

function durabilityJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { facts } = evidence;
  /** The write in place that a process made last. */
  const writes = new Map<string, { readonly path: string; readonly atUs: number }>();
  const locked = new Set<string>();
  let judged = 0;

  function judgeDeath({ what, process, atUs }: ProcessEvent): void {
    if (what !== "kill" && what !== "crash" && what !== "host-crash") return;
    judged++;
    const write = writes.get(process);
    if (write?.atUs === atUs) reportTorn(write.path, process);
  }

  function judgeBrokenWrite({ op, atUs, outcome }: AnsweredEvent): void {
    if (op.name !== "disk.write" || outcome !== "unknown") return;
    judged++;
    const write = writes.get(op.process);
    if (write?.atUs === atUs) reportTorn(write.path, op.process);
  }

  function judgePaths(atUs: number): void {
    for (const { path, by, how } of evidence.pathChanges) {
      const approval = evidence.approvals.at(path);
      if (by === "crash" && approval?.deviation?.by === "crash") {
        judged++;
        report({
          place: approval.place,
          message: `${approval.place} was approved, and a crash of the host undid it.`,
          expected: "synced before it counts as approved",
        });
      }
      if (how !== "written" || !evidence.isSystem(by) || !isKept(path)) continue;
      writes.set(by, { path, atUs });
    }
  }

  /** Written anew, not beside it and renamed: between the two a reader sees a half. */
  function reportTorn(path: string, process: string): void {
    report({
      place: placeOf(path),
      message: `${process} was cut off while it wrote ${path} in place: what is there now may be half of it.`,
      expected: "written beside it, synced, and renamed",
    });
  }

  function judgeLock(note: NoteEvent): void {
    const place = artifactOf(note);
    judged++;
    if (!locked.has(place)) locked.add(place);
    else report({ place, message: `${place} was locked twice: the first lock was lost in between.` });
  }

  /** Artifacts and their records, and the records of runs. */
  function isKept(path: string): boolean {
    if (path.startsWith(`${facts.stateFolder}/`)) return path.endsWith(".json");
    if (!path.startsWith(`${facts.projectsFolder}/`)) return false;
    return !path.includes("/.git/") && !path.includes("/.agentleeops/tmp/");
  }

  /** Without what depends on the schedule: numbers of cards and times. */
  function placeOf(path: string): string {
    if (path.startsWith(`${facts.projectsFolder}/`)) return path.slice(facts.projectsFolder.length + 1);
    return path.slice(facts.stateFolder.length + 1).replace(/\d+-lane(\d+)-\d+/, "lane$1");
  }

  return {
    kinds: ["process", "answered", "change", "note"],
    stores: ["disk"],
    observe(event) {
      switch (event.kind) {
        case "process":
          judgeDeath(event);
          return;
        case "answered":
          judgeBrokenWrite(event);
          return;
        case "change":
          judgePaths(event.atUs);
          for (const { place } of evidence.reopened) locked.delete(place);
          return;
        case "note":
          if (event.name === "artifact.locked") judgeLock(event);
          return;
        default:
      }
    },
    checked: () => judged,
  };
}

function artifactOf(note: NoteEvent): string {
  return `${textField(note, "workspace")}/${textField(note, "path")}`;
}
