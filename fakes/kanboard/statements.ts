import type { Footprint } from "../../src/base/footprint.ts";
import type { ServiceStep } from "../../src/ports/service.ts";

/** Nominal: about what a statement takes on a loopback server. */
const statementUs = 300;

const snapshot: Footprint = { id: "board:snapshot", rw: "w" };
const commit: Footprint = { id: "board:snapshot", rw: "r" };

/**
 * The statements a board runs, with what they touch; the usual ones are made once per board and then shared.
 *
 * Resources: `task`, `tags`, `meta`, `links`, `comments`, `files`, `subtasks`, `external` of one card; `project` = a
 * project's row and the rows of its cards, as listings read them; `board` = columns, swimlanes, categories, members;
 * `projectTags`, `projectMeta`, `projectFiles`; `user`; `groups` with their members; `catalogue` = link types; `ids` = the next id of a table.
 * Two more are used the other way round, so that many small writes do not conflict with each other but all conflict
 * with the rare statement that depends on each of them:
 * - `board:contents/P`: an overview with counters and tags "writes" it, a change of what hangs on a card "reads" it;
 * - `board:snapshot`: the steps of a transaction that reads before it writes "write" it, every commit "reads" it.
 *
 * Not told apart: names of users and of link types, where another row shows them.
 */
export class Statements {
  private readonly cached = new Map<string, (ServiceStep | undefined)[]>();

  /** Reads one resource. */
  read(resource: Resource, id: number): ServiceStep {
    return (this.stepsOf(resource)[id] ??= statement([reading(resource, id)]));
  }

  /** Writes what belongs to one card, or its own row, and commits. */
  write(resource: CardResource, card: number, project: number): ServiceStep {
    return (this.stepsOf(`${resource}+${project}`)[card] ??= statement([...writesOf(resource, card, project), commit]));
  }

  /** Adds or removes a row that belongs to one card, and commits: the next id of its table changes. */
  insert(resource: CardResource, card: number, project: number): ServiceStep {
    const steps = this.stepsOf(`${resource}!${project}`);
    return (steps[card] ??= statement([...writesOf(resource, card, project), nextId(resource), commit]));
  }

  /** Adds a card: whoever writes to a card that is not there yet depends on it. */
  insertCard(card: number, project: number): ServiceStep {
    const steps = this.stepsOf(`card!${project}`);
    const hanging = (): Footprint[] => cardResources.flatMap((resource) => writesOf(resource, card, project));
    return (steps[card] ??= statement([...hanging(), nextId("task"), commit]));
  }

  /** Writes a project's row and commits. */
  writeProject(project: number): ServiceStep {
    return (this.stepsOf("project+")[project] ??= statement([writing("project", project), commit]));
  }

  /** Writes columns, swimlanes, categories or members of a project and commits. */
  writeBoard(project: number): ServiceStep {
    return (this.stepsOf("board+")[project] ??= statement([
      writing("board", project),
      writing("project", project),
      nextId("board"),
      commit,
    ]));
  }

  /** Reads a project with its places. */
  readPlaces(project: number): ServiceStep {
    return (this.stepsOf("places")[project] ??= statement([reading("project", project), reading("board", project)]));
  }

  /** Reads everything that an overview of a project shows. */
  readOverview(project: number): ServiceStep {
    return (this.stepsOf("overview")[project] ??= statement([
      reading("project", project),
      reading("board", project),
      { id: `board:contents/${project}`, rw: "w" },
    ]));
  }

  /** Reads a card's tags, and the tags that its project could give it. */
  readTags(card: number, project: number): ServiceStep {
    const steps = this.stepsOf(`tags of ${project}`);
    return (steps[card] ??= statement([reading("tags", card), ...readsTagsFor(project)]));
  }

  /** Gives a card a tag, or takes one, and reads what tags there are for the next. */
  writeTags(card: number, cardProject: number, project: number): ServiceStep {
    const steps = this.stepsOf(`tags of ${project}+${cardProject}`);
    return (steps[card] ??= statement([...writesOf("tags", card, cardProject), ...readsTagsFor(project), commit]));
  }

  /** Creates a tag in a project. */
  insertTag(project: number): ServiceStep {
    return (this.stepsOf("projectTags!")[project] ??= statement([
      writing("projectTags", project),
      reading("projectTags", 0),
      nextId("tags"),
      commit,
    ]));
  }

  /** Any other statement that reads. */
  reads(touches: readonly Footprint[]): ServiceStep {
    return statement(touches);
  }

  /** Any other statement that writes and commits. */
  change(touches: readonly Footprint[]): ServiceStep {
    return statement([...touches, commit]);
  }

  /** A step of a transaction that reads before it writes: where it takes its snapshot, or where it commits. */
  transaction(touches: readonly Footprint[]): ServiceStep {
    return statement([...touches, snapshot]);
  }

  private stepsOf(kind: string): (ServiceStep | undefined)[] {
    let steps = this.cached.get(kind);
    if (steps === undefined) this.cached.set(kind, (steps = []));
    return steps;
  }
}

/** A statement whose answer may depend on any commit: it looks through whole tables. */
export const everything: ServiceStep = statement([snapshot]);

/** A statement that touches no data: the version, a list of colours. */
export const noData: ServiceStep = statement([]);

export type CardResource = "task" | "tags" | "meta" | "links" | "comments" | "files" | "subtasks" | "external";
export type Resource =
  | CardResource
  | "project"
  | "board"
  | "projectTags"
  | "projectMeta"
  | "projectFiles"
  | "user"
  | "groups"
  | "catalogue";

export const cardResources: readonly CardResource[] = [
  "task",
  "tags",
  "meta",
  "links",
  "comments",
  "files",
  "subtasks",
  "external",
];

/** What a write to a card's resource touches, without the commit. */
export function writesOf(resource: CardResource, card: number, project: number): Footprint[] {
  if (resource === "task") return [writing("task", card), writing("project", project)];
  return [writing(resource, card), { id: `board:contents/${project}`, rw: "r" }];
}

export function reading(resource: Resource, id: number): Footprint {
  return { id: `board:${resource}/${id}`, rw: "r" };
}

export function writing(resource: Resource, id: number): Footprint {
  return { id: `board:${resource}/${id}`, rw: "w" };
}

/** The next id of a table. */
export function nextId(table: CardResource | "board" | "projectFiles" | "user" | "groups" | "activities"): Footprint {
  return { id: `board:ids/${table}`, rw: "w" };
}

/** Tags are looked up among the global ones first. */
function readsTagsFor(project: number): Footprint[] {
  return [reading("projectTags", project), reading("projectTags", 0)];
}

function statement(touches: readonly Footprint[]): ServiceStep {
  return { kind: "statement", touches, costUs: statementUs };
}
