import type { CardNames } from "../../card-names.ts";
import { describeOperation } from "../../op-words.ts";
import { plainLine } from "../../plain-line.ts";
import { virtualTime } from "../../virtual-time.ts";
import type { CardState, FileState, LeaseState, ProcessState, WorldState } from "../../world-state.ts";

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
export function panelRows(panel: Panel, state: WorldState, cards: CardNames): Row[] {
  switch (panel) {
    case "board":
      return [...state.cards].toSorted(([left], [right]) => left - right).map(([id, card]) => cardRow(id, card, cards));
    case "files":
      return [...state.files].toSorted(byName).map(([path, file]) => fileRow(path, file));
    case "git":
      return state.commits.map(({ repository, branch, commit, message, paths }) =>
        rowOf(`${repository} ${commit}`, commit.slice(0, 10), {
          message,
          branch,
          repository,
          changes: paths.join("\n"),
        }),
      );
    case "leases":
      return [...state.leases].toSorted(byName).map(([scope, lease]) => leaseRow(scope, lease, state.processes));
    case "processes":
      return [
        ...[...state.processes].map(([name, process]) => processRow(name, process)),
        ...[...state.programs]
          .toSorted(([left], [right]) => left - right)
          .map(([pid, { name }]) =>
            rowOf(`pid ${pid}`, `program ${name}`, { state: "runs", life: `pid ${pid}`, "waits for": "" }),
          ),
      ];
  }
}

function cardRow(id: number, card: CardState, cards: CardNames): Row {
  return rowOf(String(id), card.name === undefined ? `card ${id}` : `${card.name} (${id})`, {
    column: card.column,
    state: card.state,
    title: card.title,
    tags: card.tags.join("\n"),
    metadata: [...card.metadata].map(([name, value]) => `${name} = ${value}`).join("\n"),
    links: card.links.map(({ label, opposite }) => `${label} ${cards.of(opposite)}`).join("\n"),
    attachments: [...card.attachments].map(([name, sizeBytes]) => `${name} (${sizeBytes} bytes)`).join("\n"),
    comments: [...card.comments.values()].map((text) => plainLine(text, 600)).join("\n"),
  });
}

function fileRow(path: string, { sizeBytes, digest, target, by }: FileState): Row {
  const content = target === undefined ? `${sizeBytes} bytes` : `link to ${target}`;
  return rowOf(path, path, { content, digest: digest.slice(0, 8), by });
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
