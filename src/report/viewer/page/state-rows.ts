import type { CardNames } from "../../card-names.ts";
import { describeOperation } from "../../op-words.ts";
import { plainLine } from "../../plain-line.ts";
import { virtualTime } from "../../virtual-time.ts";
import type { CardState, CommitState, FileState, LeaseState, ProcessState, WorldState } from "../../world-state.ts";

export const panels = ["board", "files", "git", "leases", "processes"] as const;
export type Panel = (typeof panels)[number];

/** A thing in the world, as text. Rows of one panel have the same fields in the same order. */
export interface Row {
  /** The same thing has the same key in every state. */
  readonly key: string;
  readonly title: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** What a panel shows of a state, in a stated order: ids, paths, scopes and names ascending, commits as made. */
export class StateRows {
  private readonly cards: CardNames;
  /** Records are never changed, so that each is put into words once. */
  private readonly known = new WeakMap<object, Row>();

  constructor(cards: CardNames) {
    this.cards = cards;
  }

  rows(panel: Panel, state: WorldState): Row[] {
    switch (panel) {
      case "board":
        return [...state.cards].toSorted(byId).map(([id, card]) => this.cardRow(id, card));
      case "files":
        return [...state.files].toSorted(byName).map(([path, file]) => this.fileRow(path, file));
      case "git":
        return state.commits.map((commit) => this.commitRow(commit));
      case "leases":
        return [...state.leases].toSorted(byName).map(([scope, lease]) => leaseRow(scope, lease, state.processes));
      case "processes":
        return [
          ...[...state.processes].map(([name, process]) => processRow(name, process)),
          ...[...state.programs].toSorted(byId).map(([pid, { name }]) => programRow(pid, name)),
        ];
    }
  }

  /** The rows that may differ from those of another state: all whose records are not the very same. */
  rowsUnlike(panel: Panel, state: WorldState, other: WorldState): Row[] {
    switch (panel) {
      case "board":
        return unlike(state.cards, other.cards)
          .toSorted(byId)
          .map(([id, card]) => this.cardRow(id, card));
      case "files":
        return unlike(state.files, other.files)
          .toSorted(byName)
          .map(([path, file]) => this.fileRow(path, file));
      case "git":
        return state.commits
          .filter((commit, index) => commit !== other.commits[index])
          .map((commit) => this.commitRow(commit));
      case "leases":
      case "processes":
        // They are few.
        return this.rows(panel, state);
    }
  }

  private cardRow(id: number, card: CardState): Row {
    return this.once(card, String(id), () => cardRow(id, card, this.cards));
  }

  private fileRow(path: string, file: FileState): Row {
    return this.once(file, path, () => fileRow(path, file));
  }

  private commitRow(commit: CommitState): Row {
    return this.once(commit, `${commit.repository} ${commit.commit}`, () => commitRow(commit));
  }

  /** A file that was renamed is the same record under another key. */
  private once(record: object, key: string, make: () => Row): Row {
    const known = this.known.get(record);
    if (known?.key === key) return known;
    const row = make();
    this.known.set(record, row);
    return row;
  }
}

/** How many things a panel shows of a state. */
export function countOf(panel: Panel, { cards, files, commits, leases, processes, programs }: WorldState): number {
  switch (panel) {
    case "board":
      return cards.size;
    case "files":
      return files.size;
    case "git":
      return commits.length;
    case "leases":
      return leases.size;
    case "processes":
      return processes.size + programs.size;
  }
}

function unlike<Key, Value>(map: ReadonlyMap<Key, Value>, other: ReadonlyMap<Key, Value>): [Key, Value][] {
  const found: [Key, Value][] = [];
  for (const [key, value] of map) if (other.get(key) !== value) found.push([key, value]);
  return found;
}

function cardRow(id: number, card: CardState, cards: CardNames): Row {
  return rowOf(String(id), card.name === undefined ? `card ${id}` : `${card.name} (${id})`, {
    column: card.column,
    state: card.state,
    title: card.title,
    tags: listed(card.tags),
    metadata: listed([...card.metadata].map(([name, value]) => `${name} = ${value}`)),
    links: listed(card.links.map(({ label, opposite }) => `${label} ${cards.of(opposite)}`)),
    attachments: listed([...card.attachments].map(([name, sizeBytes]) => `${name} (${sizeBytes} bytes)`)),
    comments: listed([...card.comments.values()]),
  });
}

function fileRow(path: string, { sizeBytes, digest, target, by }: FileState): Row {
  const content = target === undefined ? `${sizeBytes} bytes` : `link to ${target}`;
  return rowOf(path, path, { content, digest: digest.slice(0, 8), by });
}

function commitRow({ repository, branch, commit, message, paths }: CommitState): Row {
  const fields = { message, branch, repository, changes: paths.join("\n") };
  return rowOf(`${repository} ${commit}`, commit.slice(0, 10), fields);
}

function leaseRow(scope: string, lease: LeaseState, processes: ReadonlyMap<string, ProcessState>): Row {
  const holder = processes.get(lease.holder);
  const isGone = holder !== undefined && (holder.life !== lease.life || holder.state !== "runs");
  return rowOf(scope, scope, {
    holder: `${lease.holder}${lease.life === 0 ? "" : `@${lease.life}`}${isGone ? " (does not run)" : ""}`,
    generation: lease.generation,
    since: virtualTime(lease.sinceUs),
  });
}

function processRow(name: string, { life, state, pending }: ProcessState): Row {
  const waits = [...pending.values()].map((op) => describeOperation(op.name, op.key));
  return rowOf(name, name, { state, life: String(life), "waits for": waits.join("\n") });
}

function programRow(pid: number, name: string): Row {
  return rowOf(`pid ${pid}`, `program ${name}`, { state: "runs", life: `pid ${pid}`, "waits for": "" });
}

/** One below the other. The second line of one and those after it are set in: none of them passes for the next one. */
function listed(texts: readonly string[]): string {
  return texts
    .map((text) => {
      const lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/);
      const more = lines.length - linesMax;
      return [...lines.slice(0, linesMax), ...(more > 0 ? [`… and ${more} more lines`] : [])].join("\n  ");
    })
    .join("\n");
}

/** Of one comment: what is longer hides the rest of the board. */
const linesMax = 40;

/** Lines of a value stay lines; nothing else in it moves or hides text. */
function rowOf(key: string, title: string, fields: Readonly<Record<string, string>>): Row {
  return {
    key,
    title: plainLine(title, 200),
    fields: Object.entries(fields).map(([name, value]) => ({
      name,
      value: value
        .split("\n")
        .map((line) => plainLine(line, 600))
        .join("\n"),
    })),
  };
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function byId([left]: readonly [number, unknown], [right]: readonly [number, unknown]): number {
  return left - right;
}
