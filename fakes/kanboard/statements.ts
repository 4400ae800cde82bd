import type { Footprint } from "../../src/base/footprint.ts";
import type { ServiceStep } from "../../src/ports/service.ts";

/** Nominal: about what a statement takes on a loopback server. */
const statementUs = 300;

const snapshot: Footprint = { id: "board:snapshot", rw: "w" };
const commit: Footprint = { id: "board:snapshot", rw: "r" };

/**
 * The statements a board runs, with what they touch, which is found out when somebody asks.
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
  /** Reads one resource. */
  read(resource: Resource, id: number): ServiceStep {
    return new Statement(() => [reading(resource, id)]);
  }

  /** Writes what belongs to one card, or its own row, and commits. */
  write(resource: CardResource, card: number, project: number): ServiceStep {
    return new Statement(() => [...writesOf(resource, card, project), commit]);
  }

  /** Adds or removes a row that belongs to one card, and commits: the next id of its table changes. */
  insert(resource: CardResource, card: number, project: number): ServiceStep {
    return new Statement(() => [...writesOf(resource, card, project), nextId(resource), commit]);
  }

  /** Adds a card: whoever writes to a card that is not there yet depends on it. */
  insertCard(card: number, project: number): ServiceStep {
    return new Statement(() => [
      ...cardResources.flatMap((resource) => writesOf(resource, card, project)),
      nextId("task"),
      commit,
    ]);
  }

  /** Writes a project's row and commits. */
  writeProject(project: number): ServiceStep {
    return new Statement(() => [writing("project", project), commit]);
  }

  /** Writes columns, swimlanes, categories or members of a project and commits. */
  writeBoard(project: number): ServiceStep {
    return new Statement(() => [writing("board", project), writing("project", project), nextId("board"), commit]);
  }

  /** Reads a project with its places. */
  readPlaces(project: number): ServiceStep {
    return new Statement(() => [reading("project", project), reading("board", project)]);
  }

  /** Reads everything that an overview of a project shows. */
  readOverview(project: number): ServiceStep {
    return new Statement(() => [
      reading("project", project),
      reading("board", project),
      { id: `board:contents/${project}`, rw: "w" },
    ]);
  }

  /** Reads a card's tags, and the tags that its project could give it. */
  readTags(card: number, project: number): ServiceStep {
    return new Statement(() => [reading("tags", card), ...readsTagsFor(project)]);
  }

  /** Gives a card a tag, or takes one, and reads what tags there are for the next. */
  writeTags(card: number, cardProject: number, project: number): ServiceStep {
    return new Statement(() => [...writesOf("tags", card, cardProject), ...readsTagsFor(project), commit]);
  }

  /** Creates a tag in a project. */
  insertTag(project: number): ServiceStep {
    return new Statement(() => [writing("projectTags", project), reading("projectTags", 0), nextId("tags"), commit]);
  }

  /** Any other statement that reads. */
  reads(touches: Touches): ServiceStep {
    return new Statement(touches);
  }

  /** Any other statement that writes and commits. */
  change(touches: Touches): ServiceStep {
    return new Statement(touches, commit);
  }

  /** A step of a transaction that reads before it writes: where it takes its snapshot, or where it commits. */
  transaction(touches: Touches): ServiceStep {
    return new Statement(touches, snapshot);
  }
}

/** What a statement touches, or how to tell when somebody asks. */
export type Touches = readonly Footprint[] | (() => readonly Footprint[]);

/** A statement that finds out what it touches when it is first asked: most never are. */
class Statement {
  readonly kind = "statement";
  readonly costUs = statementUs;
  private told: Touches;
  private readonly mark: Footprint | undefined;

  constructor(told: Touches, mark?: Footprint) {
    this.told = told;
    this.mark = mark;
  }

  get touches(): readonly Footprint[] {
    if (typeof this.told === "function") this.told = this.told();
    return this.mark === undefined ? this.told : [...this.told, this.mark];
  }
}

/** A statement whose answer may depend on any commit: it looks through whole tables. */
export const everything: ServiceStep = { kind: "statement", touches: [snapshot], costUs: statementUs };

/** A statement that touches no data: the version, a list of colours. */
export const noData: ServiceStep = { kind: "statement", touches: [], costUs: statementUs };

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
