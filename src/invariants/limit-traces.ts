import type { DiskChange } from "../history/changes.ts";
import type { ChangeEvent, OpIdentity } from "../history/event.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import type { RunView } from "./run-view.ts";

/** L5. */
export function traceBytes(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L5",
    rule: "The traces of one attempt are no larger together than they may be.",
    start: (evidence, report) => traceBytesJudge(evidence, report),
  });
}

function traceBytesJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.traceBytesPerRunMax;
  const shelves = new TraceShelves(evidence.facts.projectsFolder);
  const bytesOfRun = new Map<RunView, number>();
  let judged = 0;

  function add(op: OpIdentity, sizeBytes: number): void {
    const run = evidence.runs.ofOperation(op);
    if (run === undefined) return;
    judged++;
    const bytes = (bytesOfRun.get(run) ?? 0) + sizeBytes;
    bytesOfRun.set(run, bytes);
    if (bytes <= limit) return;
    report({
      place: `${run.card} lane ${run.lane} traces`,
      message: `The traces of an attempt at lane ${run.lane} of ${run.card} came to ${bytes} bytes.`,
      expected: limit,
      actual: bytes,
    });
  }

  return {
    kinds: ["change"],
    stores: ["disk"],
    observe(event) {
      if (!isOfDisk(event)) return;
      const placed = shelves.observe(event.change);
      if (placed !== undefined && event.op !== undefined) add(event.op, placed.sizeBytes);
    },
    checked: () => judged,
  };
}

/** L6. */
export function traceRetention(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L6",
    rule: "A workspace keeps no more traces, by number and by size, than it may.",
    start: (evidence, report) => retentionJudge(evidence, report),
  });
}

function retentionJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { traceFilesMax, traceBytesKeptMax } = evidence.facts.limits;
  const shelves = new TraceShelves(evidence.facts.projectsFolder);
  let judged = 0;

  function judge({ workspace, shelf }: PlacedTrace): void {
    judged++;
    const bytes = [...shelf.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    if (shelf.size <= traceFilesMax && bytes <= traceBytesKeptMax) return;
    report({
      place: `${workspace} traces`,
      message: `The workspace ${workspace} keeps ${shelf.size} traces of ${bytes} bytes.`,
      expected: `${traceFilesMax} of ${traceBytesKeptMax} bytes`,
    });
  }

  return {
    kinds: ["change"],
    stores: ["disk"],
    observe(event) {
      if (!isOfDisk(event)) return;
      const placed = shelves.observe(event.change);
      if (placed !== undefined && evidence.isSystem(event.change.by)) judge(placed);
    },
    checked: () => judged,
  };
}

interface PlacedTrace {
  readonly workspace: string;
  /** All that the workspace keeps now: path to size. */
  readonly shelf: ReadonlyMap<string, number>;
  readonly sizeBytes: number;
}

/** The traces of all workspaces, as the changes of the disk tell it. */
class TraceShelves {
  private readonly projectsFolder: string;
  private readonly shelves = new Map<string, Map<string, number>>();
  /** Sizes of temporary files that may become traces. */
  private readonly temporary = new Map<string, number>();

  constructor(projectsFolder: string) {
    this.projectsFolder = projectsFolder;
  }

  /** @returns the trace that the change has put where traces are kept */
  observe(change: DiskChange): PlacedTrace | undefined {
    switch (change.type) {
      case "file.written":
        return this.place(change.path, change.sizeBytes);
      case "file.removed":
        this.remove(change.path);
        return undefined;
      case "file.renamed": {
        const sizeBytes = this.temporary.get(change.from) ?? this.shelfOf(change.from)?.shelf.get(change.from);
        this.remove(change.from);
        return sizeBytes === undefined ? undefined : this.place(change.to, sizeBytes);
      }
      default:
        return undefined;
    }
  }

  private place(path: string, sizeBytes: number): PlacedTrace | undefined {
    const found = this.shelfOf(path);
    if (found !== undefined) {
      found.shelf.set(path, sizeBytes);
      return { ...found, sizeBytes };
    }
    if (path.includes("/.agentleeops/tmp/")) this.temporary.set(path, sizeBytes);
    return undefined;
  }

  /** A file, or a folder with all that is in it. */
  private remove(path: string): void {
    this.temporary.delete(path);
    if (!path.startsWith(`${this.projectsFolder}/`) || path.includes("/.agentleeops/tmp/")) return;
    for (const shelf of this.shelves.values()) {
      for (const each of shelf.keys()) if (each === path || each.startsWith(`${path}/`)) shelf.delete(each);
    }
  }

  private shelfOf(path: string): { readonly workspace: string; readonly shelf: Map<string, number> } | undefined {
    const at = path.indexOf("/.agentleeops/traces/");
    if (at === -1 || !path.startsWith(`${this.projectsFolder}/`)) return undefined;
    const workspace = path.slice(this.projectsFolder.length + 1, at);
    const shelf = this.shelves.get(workspace) ?? new Map<string, number>();
    this.shelves.set(workspace, shelf);
    return { workspace, shelf };
  }
}

function isOfDisk(event: { readonly kind: string }): event is ChangeEvent & { readonly change: DiskChange } {
  return event.kind === "change" && (event as ChangeEvent).change.store === "disk";
}
