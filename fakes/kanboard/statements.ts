import type { Footprint } from "../../src/base/footprint.ts";
import type { ServiceStep } from "../../src/ports/service.ts";

/**
 * The statements a board runs, with what they touch; each is made once per board and resource and then shared.
 *
 * Resources: `task`, `tags`, `meta`, `links`, `comments`, `files`, `subtasks`, `external` of one card; `project` = the
 * rows of a project and of its cards, as listings read them; `board` = columns, swimlanes, categories, members; `user`.
 * Two more are used the other way round, so that many small writes do not conflict with each other but all conflict
 * with the rare statement that depends on each of them:
 * - `board:contents/P`: an overview with counters and tags "writes" it, a change of what hangs on a card "reads" it;
 * - `board:snapshot`: the steps of a transaction that reads before it writes "write" it, every commit "reads" it.
 */
export class Statements {
  private readonly cached = new Map<string, (ServiceStep | undefined)[]>();

  /** Reads one resource. */
  read(resource: Resource, id: number): ServiceStep {
    const steps = this.stepsOf(resource);
    return (steps[id] ??= statement([{ id: `board:${resource}/${id}`, rw: "r" }]));
  }

  /** Writes what belongs to one card, or its own row, and commits. */
  write(resource: CardResource, card: number, project: number): ServiceStep {
    const steps = this.stepsOf(`${resource}+${project}`);
    return (steps[card] ??= statement([...writeOf(resource, card, project), commit]));
  }

  /** Writes a project's rows and commits. */
  writeProject(project: number): ServiceStep {
    const steps = this.stepsOf("project+");
    return (steps[project] ??= statement([{ id: `board:project/${project}`, rw: "w" }, commit]));
  }

  /** Writes columns, swimlanes, categories or members of a project and commits. */
  writeBoard(project: number): ServiceStep {
    const steps = this.stepsOf("board+");
    return (steps[project] ??= statement([
      { id: `board:board/${project}`, rw: "w" },
      { id: `board:project/${project}`, rw: "w" },
      commit,
    ]));
  }

  /** Reads everything that an overview of a project shows. */
  readOverview(project: number): ServiceStep {
    const steps = this.stepsOf("overview");
    return (steps[project] ??= statement([
      { id: `board:project/${project}`, rw: "r" },
      { id: `board:board/${project}`, rw: "r" },
      { id: `board:contents/${project}`, rw: "w" },
    ]));
  }

  /** The part of a transaction that reads: it takes its snapshot here. */
  begin(touches: readonly Footprint[]): ServiceStep {
    return statement([...touches, snapshot]);
  }

  /** The part of a transaction that writes and commits, if nobody committed since `begin`. */
  commit(touches: readonly Footprint[]): ServiceStep {
    return statement([...touches, snapshot]);
  }

  /** Any other statement that writes. */
  change(touches: readonly Footprint[]): ServiceStep {
    return statement([...touches, commit]);
  }

  private stepsOf(kind: string): (ServiceStep | undefined)[] {
    let steps = this.cached.get(kind);
    if (steps === undefined) this.cached.set(kind, (steps = []));
    return steps;
  }
}

export type CardResource = "task" | "tags" | "meta" | "links" | "comments" | "files" | "subtasks" | "external";
export type Resource =
  | CardResource
  | "project"
  | "board"
  | "user"
  | "projectMeta"
  | "projectFiles"
  | "projectTags"
  | "catalogue";

/** What a write to a card's resource touches, without the commit. */
export function writeOf(resource: CardResource, card: number, project: number): Footprint[] {
  const touches: Footprint[] = [{ id: `board:${resource}/${card}`, rw: "w" }];
  if (resource === "task") touches.push({ id: `board:project/${project}`, rw: "w" });
  else touches.push({ id: `board:contents/${project}`, rw: "r" });
  return touches;
}

export function readOf(resource: Resource, id: number): Footprint {
  return { id: `board:${resource}/${id}`, rw: "r" };
}

export function writing(resource: Resource, id: number): Footprint {
  return { id: `board:${resource}/${id}`, rw: "w" };
}

/** Nominal: about what a statement takes on a loopback server. */
const statementUs = 300;

const snapshot: Footprint = { id: "board:snapshot", rw: "w" };
const commit: Footprint = { id: "board:snapshot", rw: "r" };

/** A statement that touches no data: the version, a list of colours. */
export const noData: ServiceStep = { kind: "statement", touches: [], costUs: statementUs };

function statement(touches: readonly Footprint[]): ServiceStep {
  return { kind: "statement", touches, costUs: statementUs };
}
