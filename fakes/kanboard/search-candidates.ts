import { referenceKey } from "./card-indexes.ts";
import { isDigits } from "./php.ts";
import { isLike, likeMatcher, rowId } from "./sqlite.ts";
import type { Store } from "./store.ts";

/**
 * The cards that an index gives for a query's words. They hold all that the words can find, and maybe others: whether a
 * card is found is for the filters to say.
 */

/** Ids of cards, counted before they are listed. A card may be listed twice. */
interface Candidates {
  readonly count: number;
  list(): readonly number[];
}

export interface CandidateContext {
  readonly store: Store;
  /** The one that is searched; undefined for several. */
  readonly project: number | undefined;
  /** 0 for the token. */
  readonly userId: number;
}

/**
 * @param words their values, which are alternatives
 * @returns ascending; undefined when no index gives less than all cards
 */
export function candidatesOf(
  words: Iterable<readonly [word: string, values: readonly string[]]>,
  context: CandidateContext,
): readonly number[] | undefined {
  const { store, project } = context;
  let least: Candidates | undefined;
  let count = project === undefined ? store.tasks.nextId : store.tasks.count(project);
  for (const [word, values] of words) {
    const candidates = union(values.map((value) => indexed[word]?.(value, context)));
    if (candidates === undefined || candidates.count >= count) continue;
    least = candidates;
    count = candidates.count;
  }
  return least === undefined ? undefined : [...new Set(least.list())].toSorted((left, right) => left - right);
}

type CandidatesOf = (value: string, context: CandidateContext) => Candidates | undefined;

const indexed: Readonly<Record<string, CandidatesOf>> = {
  id: (value) => only(rowId(value)),
  reference: byReference,
  ref: byReference,
  status: (value, { store, project }) => {
    if (project === undefined) return undefined;
    if (value === "open" || (isDigits(value) && Number(value) === 1)) return listed(store.cards.open, [project]);
    if (value === "closed" || (isDigits(value) && Number(value) === 0)) return listed(store.cards.closed, [project]);
    return undefined;
  },
  assignee: (value, { store, userId }) => {
    if (isDigits(value)) return listed(store.cards.owner, [Number(value)]);
    if (value === "anybody") return undefined;
    if (value === "me" || value === "nobody") return listed(store.cards.owner, [value === "me" ? userId : 0]);
    const isNamed = likeMatcher(`%${value}%`);
    const users = [...store.users.all()].filter((user) => isNamed(user.username) || isNamed(user.name));
    return listed(store.cards.owner, idsOf(users));
  },
  column: (value, { store }) => {
    if (isDigits(value)) return listed(store.cards.column, [Number(value)]);
    return listed(store.cards.column, idsOf([...store.columns.all()].filter(({ title }) => title === value)));
  },
  swimlane: (value, { store }) =>
    listed(store.cards.swimlane, idsOf([...store.swimlanes.all()].filter(({ name }) => isLike(name, value)))),
  tag: (value, { store }) => {
    if (value === "none") return undefined;
    const isNamed = likeMatcher(`%${value}%`);
    return listed(store.tagged, idsOf([...store.tags.all()].filter(({ name }) => isNamed(name))));
  },
};

function byReference(value: string, { store, project }: CandidateContext): Candidates | undefined {
  if (project === undefined || value === "none" || /[*%_]/.test(value)) return undefined;
  return listed(store.cards.reference, [referenceKey(project, value)]);
}

function listed<Key>(
  index: { count(key: Key): number; ids(key: Key): readonly number[] },
  keys: readonly Key[],
): Candidates {
  return {
    count: keys.reduce((sum, key) => sum + index.count(key), 0),
    list: () => keys.flatMap((key) => index.ids(key)),
  };
}

function only(id: number): Candidates {
  return { count: 1, list: () => [id] };
}

function union(all: readonly (Candidates | undefined)[]): Candidates | undefined {
  if (all.length === 1) return all[0];
  const known = all.filter((candidates) => candidates !== undefined);
  if (known.length < all.length) return undefined;
  return {
    count: known.reduce((sum, { count }) => sum + count, 0),
    list: () => known.flatMap((candidates) => candidates.list()),
  };
}

function idsOf(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}
