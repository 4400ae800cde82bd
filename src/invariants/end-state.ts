import { digest64 } from "../base/digest.ts";
import type { BoardChange, DiskChange, GitChange } from "../history/changes.ts";
import type { HistoryEvent } from "../history/event.ts";
import { BoardView, nameOf, stayOf, type CardView } from "./board-view.ts";
import { DiskView } from "./disk-view.ts";
import type { Facts } from "./facts.ts";

/**
 * What a run left behind, in words that two runs can have in common: name to value, names in code-unit order. Cards go
 * by reference, comments by their key, branches by what their last commit changed; times, positions and numbers are left
 * out.
 */
export type EndState = ReadonlyMap<string, string>;

/**
 * How closely two runs are compared. `text`: also what artifacts say. `structure`: that they are there; for runs in
 * which a model words its answer anew each time.
 */
export type Reading = "text" | "structure";

/** The state after the last of the events. */
export function endStateOf(facts: Facts, events: readonly HistoryEvent[], reading: Reading): EndState {
  const run = new FinalState(facts, reading);
  for (const event of events) if (event.kind === "change") run.observe(event);
  return new Map([...run.entries()].toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
}

/** Each difference in one sentence, in order of names; none when the two are equal. */
export function differencesOf(expected: EndState, actual: EndState): readonly string[] {
  const missing = [...expected].flatMap(([name, value]) => {
    const other = actual.get(name);
    if (other === value) return [];
    return [other === undefined ? `${name}: is missing` : `${name}: is ${shown(other)}, not ${shown(value)}`];
  });
  const added = [...actual].flatMap(([name, value]) =>
    expected.has(name) ? [] : [`${name}: should not be there (${shown(value)})`],
  );
  return [...missing, ...added];
}

type ChangeEvent = HistoryEvent & { readonly kind: "change" };

class FinalState {
  private readonly facts: Facts;
  private readonly reading: Reading;
  private readonly board = new BoardView();
  private readonly disk = new DiskView();
  private readonly paths = new Set<string>();
  /** By card and name: the digests, in order of creation. */
  private readonly attachments = new Map<number, Map<number, { readonly name: string; readonly digest: string }>>();
  /** By card: `label` and the other card, as often as they were made and not removed. */
  private readonly links = new Map<number, { readonly label: string; readonly opposite: number }[]>();
  /** By the digest of a file that names nothing but the commit, as the file of a branch does. */
  private readonly commits = new Map<string, GitChange>();

  constructor(facts: Facts, reading: Reading) {
    this.facts = facts;
    this.reading = reading;
  }

  observe(event: ChangeEvent): void {
    switch (event.change.store) {
      case "board":
        this.observeBoard(event, event.change as BoardChange);
        return;
      case "disk":
        for (const { path, how, digest } of this.disk.observe(event.change as DiskChange)) {
          if (digest !== undefined || how === "linked") this.paths.add(path);
          else this.paths.delete(path);
        }
        return;
      case "git": {
        const commit = event.change as GitChange;
        this.commits.set(digest64(`${commit.commit}\n`), commit);
        return;
      }
      default:
    }
  }

  *entries(): Generator<readonly [name: string, value: string]> {
    for (const card of this.board.cards.values()) if (this.counts(card)) yield* this.ofCard(card);
    for (const path of this.paths) yield* this.ofPath(path);
    for (const [card, events] of this.packageEvents()) yield [`work package ${card}`, events.join(", ")];
  }

  /** By card: the types of what happened to its work package, in order. */
  private packageEvents(): ReadonlyMap<string, readonly string[]> {
    const events = new Map<string, { readonly type: string; readonly sequence: string }[]>();
    for (const path of this.paths) {
      if (!path.startsWith(`${this.facts.stateFolder}/work-packages/`)) continue;
      const match = /\/([^/]+)\/approvals\/\d+-([a-z]+)-(\d+)\.json$/.exec(path);
      if (match !== null) valueIn(events, match[1]!, () => []).push({ type: match[2]!, sequence: match[3]! });
    }
    const inOrder = (all: readonly { readonly type: string; readonly sequence: string }[]): readonly string[] =>
      all.toSorted((left, right) => (left.sequence < right.sequence ? -1 : 1)).map(({ type }) => type);
    return new Map([...events].map(([card, all]) => [card, inOrder(all)]));
  }

  /** A double that was closed leaves nothing behind that counts: the card of that name is the other one. */
  private counts(card: CardView): boolean {
    if (card.state === "open") return true;
    if (card.state === "removed") return false;
    for (const other of this.board.open()) if (nameOf(other) === nameOf(card)) return false;
    return true;
  }

  private observeBoard(event: ChangeEvent, change: BoardChange): void {
    this.board.observe(event, change);
    switch (change.type) {
      case "file.created":
        valueIn(this.attachments, change.card, () => new Map()).set(change.file, change);
        return;
      case "file.removed":
        this.attachments.get(change.card)?.delete(change.file);
        return;
      case "link.created":
        valueIn(this.links, change.card, () => []).push(change);
        return;
      case "link.removed": {
        const links = this.links.get(change.card) ?? [];
        const at = links.findIndex(({ label, opposite }) => label === change.label && opposite === change.opposite);
        if (at !== -1) links.splice(at, 1);
        return;
      }
      default:
    }
  }

  private *ofCard(card: CardView): Generator<readonly [name: string, value: string]> {
    const name = `card ${nameOf(card)}`;
    yield [name, card.state];
    yield [`${name}: lane`, String(stayOf(card).lane)];
    yield [`${name}: title`, card.title];
    yield [`${name}: tags`, card.tags.join(", ")];
    for (const [field, value] of card.metadata) {
      // The number of another card.
      const parent = field === "parent_id" ? this.board.cards.get(Number(value)) : undefined;
      yield [`${name}: field ${field}`, parent === undefined ? value : nameOf(parent)];
    }
    for (const { text, by } of card.comments) {
      const key = keyOfComment(text);
      if (!this.facts.people.includes(by.process) && !tellsOfRepair.test(key))
        yield [`${name}: comment ${key}`, "there"];
    }
    for (const [attachment, digests] of attachmentsByName(this.attachments.get(card.id) ?? new Map())) {
      // Two of the same name and content are what a request leaves that the network delivers twice.
      yield [`${name}: file ${attachment}`, isReview(attachment) ? "there" : this.contentsOf([...new Set(digests)])];
    }
    for (const { label, opposite } of this.links.get(card.id) ?? []) {
      const other = this.board.cards.get(opposite);
      if (other !== undefined && this.counts(other)) yield [`${name}: link ${label} ${nameOf(other)}`, "there"];
    }
  }

  private *ofPath(path: string): Generator<readonly [name: string, value: string]> {
    const { projectsFolder } = this.facts;
    if (!path.startsWith(`${projectsFolder}/`)) return;
    const place = path.slice(projectsFolder.length + 1);
    const digest = this.disk.digestOf(path);
    const branch = /^([^/]+)\/\.git\/refs\/heads\/(.+)$/.exec(place);
    if (branch !== null) {
      yield [`branch ${branch[2]} of ${branch[1]}`, this.commitText(digest)];
      return;
    }
    if (leftOut.some(({ pattern }) => pattern.test(place))) return;
    const name = this.reading === "text" ? place : place.replaceAll(/[0-9a-f]{64}|(?<=-)[0-9a-f]{16}(?=-)/g, "DIGEST");
    yield [`file ${name}`, this.fileText(place, digest)];
  }

  private fileText(place: string, digest: string | undefined): string {
    if (digest === undefined) return "a link";
    return timed.test(place) || isReview(place) ? "there" : this.contentsOf([digest]);
  }

  private commitText(digestOfBranch: string | undefined): string {
    const commit = digestOfBranch === undefined ? undefined : this.commits.get(digestOfBranch);
    if (commit === undefined) return "at a commit that nobody made";
    const changed = Object.entries(commit.changed).map(([path, digest]) =>
      digest === null ? `removes ${path}` : `${path} ${this.contentsOf([digest])}`,
    );
    return `${commit.message} (${changed.toSorted().join(", ")})`;
  }

  private contentsOf(digests: readonly string[]): string {
    return this.reading === "text" ? digests.join(", ") : digests.map(() => "some").join(", ");
  }
}

/** Places in a workspace that two runs need not have in common. */
export const leftOut: readonly { readonly place: string; readonly pattern: RegExp; readonly reason: string }[] = [
  {
    place: ".agentleeops/traces/",
    pattern: /^[^/]+\/\.agentleeops\/traces\//,
    reason: "one for each question that was asked, under its time",
  },
  {
    place: ".agentleeops/tmp/",
    pattern: /^[^/]+\/\.agentleeops\/tmp\//,
    reason: "written to be renamed: what a crash leaves is never read",
  },
  {
    place: ".agentleeops/locked/",
    pattern: /^[^/]+\/\.agentleeops\/locked\//,
    reason: "kept copies go by their content, and each approval names its own",
  },
  {
    place: ".git/objects/, .git/commits/",
    pattern: /^[^/]+\/\.git\/(?:objects|commits)\//,
    reason: "a repetition leaves some that no branch holds",
  },
  {
    place: ".git/worktrees/",
    pattern: /^[^/]+\/\.git\/worktrees\//,
    reason: "what git knows of a work tree that is gone is forgotten when one is made there",
  },
  {
    place: ".git/config",
    pattern: /^[^/]+\/\.git\/config$/,
    reason: "a crash may leave it empty, and git makes do: nothing that it could say is asked for",
  },
  {
    place: ".git/index",
    pattern: /^[^/]+\/\.git\/index$/,
    reason: "a cache of the work tree, which is compared itself",
  },
];

/** Records with times in them: their names say the rest. */
const timed = /^[^/]+\/\.agentleeops\/(?:approvals\/.*|ratchet|.*)\.json$/;

/** What somebody changed beside the process, and that it is as before: both are true of the end without. */
const tellsOfRepair = /\/put back [^\]]*\]$/;

/** It tells also what the review found changed and put back. Its verdict shows on the card. */
function isReview(path: string): boolean {
  return /(?:^|\/)CODE_REVIEW_[^/]*$/.test(path);
}

/** The last line without the second in which the card was moved. */
function keyOfComment(text: string): string {
  const line = text.trimEnd().split("\n").at(-1)!;
  return line.replace(/ \d{9,11}\]$/, "]");
}

function attachmentsByName(
  files: ReadonlyMap<number, { readonly name: string; readonly digest: string }>,
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { name, digest } of files.values()) valueIn(byName, name, () => []).push(digest);
  return byName;
}

function valueIn<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function shown(value: string): string {
  return value.length <= 120 ? value : `${value.slice(0, 120)}…`;
}
