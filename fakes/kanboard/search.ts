import type { JsonValue } from "../../src/base/json.ts";
import { dayS, startOfDay, timestampOf } from "./dates.ts";
import { findColorId } from "./colors.ts";
import { emptyAlternatives, type Failure } from "./failure.ts";
import { compare, isDigits, toText, trim } from "./php.ts";
import { parseRelativeDate } from "./relative-dates.ts";
import type { TaskRow, UserRow } from "./rows.ts";
import { candidatesOf, type CandidateContext } from "./search-candidates.ts";
import { compareCells, equalsNumber, equalsText, isLike, likeMatcher, numberCell, type Cell } from "./sqlite.ts";
import type { Store } from "./store.ts";

/** Whether a card is found. */
export type Filter = (task: TaskRow) => boolean;

export interface Query {
  readonly isFound: Filter;
  /** Ids of cards among which all that are found are, ascending; undefined when it may be any. */
  readonly candidates: readonly number[] | undefined;
}

export interface SearchContext extends CandidateContext {
  /** Adds the words of the plugin MetaMagik. */
  readonly hasCustomFields?: boolean;
  readonly nowS: number;
}

/**
 * Kanboard's query language: `word:value` filters that must all hold, of which those with the same word are
 * alternatives; any other text is looked for in the titles. Values in double quotes may have blanks.
 *
 * Where a word is given twice, each single condition of its values is an alternative: a day is `>=` its beginning or
 * `<=` its end, which holds for any date. Alternatives without a condition are an error of the database.
 */
export function parseQuery(query: string, context: SearchContext): Query | Failure {
  const filters: Filter[] = [];
  const wanted = tokenize(query, context.hasCustomFields === true ? anyWordOfCustomFields : anyWord);
  for (const [word, values] of wanted) {
    const conditions = values.flatMap((value) => words[word]!(value, context));
    if (values.length === 1) filters.push(...conditions);
    else if (conditions.length === 0) return emptyAlternatives;
    else filters.push((task) => conditions.some((condition) => condition(task)));
  }
  const isFound: Filter = (task) => filters.every((filter) => filter(task));
  return { isFound, candidates: candidatesOf(wanted, context) };
}

/** By its number, else by its name, in which `%` and `_` are wildcards. */
export function byProject(value: JsonValue, store: Store): Filter {
  const isNumber = typeof value === "number" ? Number.isInteger(value) : typeof value === "string" && isDigits(value);
  if (isNumber && compare(value, projectIdMax) < 0) return (task) => equalsNumber(task.project_id, value);
  if (value === null) return () => false;
  const isNamed = likeMatcher(toText(value));
  return (task) => isNamed(store.projects.find(task.project_id)?.name ?? null);
}

/** Kept for another database, which knows no greater ones. */
const projectIdMax = 2_147_483_647;

/** Values by word, in order of their first appearance; the free text stands under `title`. */
function tokenize(query: string, wordAhead: RegExp): Map<string, string[]> {
  const tokens: Token[] = [];
  let rest = query;
  while (rest !== "") {
    const token = nextToken(rest, wordAhead);
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  const found = new Map<string, string[]>();
  let freeText = "";
  for (let index = 0; index < tokens.length; index++) {
    const { word, text } = tokens[index]!;
    if (word === undefined) {
      freeText += text;
      continue;
    }
    const value = tokens[index + 1];
    // The token after a word is used up even when it is no value.
    index++;
    if (value === undefined || value.word !== undefined || value.isBlank) continue;
    const values = found.get(word);
    if (values === undefined) found.set(word, [value.text]);
    else values.push(value.text);
  }
  if (trim(freeText) !== "") found.set("title", [trim(freeText)]);
  return found;
}

interface Token {
  readonly word: string | undefined;
  /** Without its quotes. */
  readonly text: string;
  readonly isBlank: boolean;
  readonly length: number;
}

function nextToken(rest: string, wordAhead: RegExp): Token {
  const word = wordAhead.exec(rest)?.[1];
  if (word !== undefined) return { word: word.toLowerCase(), text: "", isBlank: false, length: word.length + 1 };
  for (const pattern of textPatterns) {
    const match = pattern.exec(rest)?.[0];
    if (match !== undefined) {
      return { word: undefined, text: match.replaceAll('"', ""), isBlank: /^\s/.test(match), length: match.length };
    }
  }
  return { word: undefined, text: rest, isBlank: false, length: rest.length };
}

const textPatterns: readonly RegExp[] = [
  /^\s+/,
  /^[<=>]{0,2}\d{4}-\d{2}-\d{2}/,
  /^[<=>]{1,2}[\p{L}\p{N}_]+/u,
  /^[<=>]{1,2}".+"/,
  /^".*?"/,
  /^\S+/,
];

/** The conditions of a value: one, several or none. */
type FilterOf = (value: string, context: SearchContext) => Filter | readonly Filter[];

const words: Readonly<Record<string, FilterOf>> = {
  assignee: (value, context) => byPerson(value, context, (task) => task.owner_id),
  creator: (value, context) => byPerson(value, context, (task) => task.creator_id),
  category:
    (value, { store }) =>
    (task) => {
      const name = store.categories.find(task.category_id)?.name ?? null;
      if (value === "none") return equalsNumber(task.category_id, 0);
      return (isDigits(value) && equalsNumber(task.category_id, value)) || (name !== null && isSameName(name, value));
    },
  color: (value) => (task) => equalsText(task.color_id, findColorId(value)),
  colour: (value) => (task) => equalsText(task.color_id, findColorId(value)),
  priority: (value) => byComparison(value, (task) => task.priority),
  column:
    (value, { store }) =>
    (task) =>
      isDigits(value)
        ? equalsNumber(task.column_id, value)
        : equalsText(store.columns.find(task.column_id)?.title ?? null, value),
  comment: byComment,
  created: (value, context) => byDate(value, context, (task) => task.date_creation),
  createdrange: (value, context) => byRange(value, context, (task) => task.date_creation),
  description: byDescription,
  desc: byDescription,
  due: (value, context) => {
    if (value === "none") return (task) => equalsNumber(task.date_due, 0);
    return [
      (task) => task.date_due !== null && task.date_due !== 0,
      (task) => task.date_due !== null,
      ...byDate(value, context, (task) => task.date_due),
    ];
  },
  started: (value, context) => byDate(value, context, (task) => task.date_started),
  completed: (value, context) => byDate(value, context, (task) => task.date_completed),
  completedrange: (value, context) => byRange(value, context, (task) => task.date_completed),
  id: (value) => (task) => equalsNumber(task.id, value),
  link:
    (value, { store }) =>
    (task) =>
      store.taskLinks.of(task.id).some((link) => isLike(store.links.find(link.link_id)?.label ?? null, value)),
  updated: (value, context) => byDate(value, context, (task) => task.date_modification),
  modified: (value, context) => byDate(value, context, (task) => task.date_modification),
  modifiedrange: (value, context) => byRange(value, context, (task) => task.date_modification),
  moved: (value, context) => byDate(value, context, (task) => task.date_moved),
  movedrange: (value, context) => byRange(value, context, (task) => task.date_moved),
  project: (value, { store }) => byProject(value, store),
  reference: byReference,
  ref: byReference,
  score: (value) => byComparison(value, (task) => task.score),
  complexity: (value) => byComparison(value, (task) => task.score),
  status: (value) => {
    if (value === "open" || value === "closed") return (task) => task.is_active === (value === "open" ? 1 : 0);
    return isDigits(value) ? (task) => equalsNumber(task.is_active, value) : [];
  },
  "subtask:assignee":
    (value, { store, userId }) =>
    (task) =>
      store.subtasks.of(task.id).some((subtask) => {
        if (subtask.status === 2) return false;
        const worker = store.users.find(subtask.user_id);
        return isPerson(value, subtask.user_id, worker, userId, `${value}%`);
      }),
  swimlane: (value, { store }) => {
    const isNamed = likeMatcher(value);
    return (task) => isNamed(store.swimlanes.find(task.swimlane_id)?.name ?? null);
  },
  tag: (value, { store }) => {
    if (value === "none") return (task) => store.tagsOf(task.id).length === 0;
    const isNamed = likeMatcher(`%${value}%`);
    return (task) => store.tagsOf(task.id).some((id) => isNamed(store.tags.find(id)!.name));
  },
  search: (value, context) => {
    const alternatives = [byTitle(value), byDescription(value), byComment(value, context)];
    return (task) => alternatives.some((alternative) => alternative(task));
  },
  title: byTitle,
  metakey: (value, { store }) => {
    const isWanted = likeMatcher(`%${value}%`);
    return (task) => Object.keys(store.metadataOf("task", task.id)).some(isWanted);
  },
  metaval: (value, { store }) => {
    const isWanted = likeMatcher(`%${value}%`);
    return (task) => Object.values(store.metadataOf("task", task.id)).some((text) => isWanted(text as string | null));
  },
};

/** A word that was added later is looked for first. */
const anyWord = wordPattern(Object.keys(words).filter((word) => word !== "metakey" && word !== "metaval"));
const anyWordOfCustomFields = wordPattern(Object.keys(words));

function wordPattern(known: readonly string[]): RegExp {
  return new RegExp(`^(${known.toReversed().join("|")}):`, "i");
}

/** A number, with or without `#`, is a card's id as well. */
function byTitle(value: string): Filter {
  const id = /^#?(\d+)$/.exec(value)?.[1];
  const isTitled = likeMatcher(`%${value}%`);
  return (task) => (id !== undefined && equalsNumber(task.id, id)) || isTitled(task.title);
}

function byDescription(value: string): Filter {
  const isDescribed = likeMatcher(`%${value}%`);
  return (task) => isDescribed(task.description);
}

function byComment(value: string, { store }: SearchContext): Filter {
  const isSaid = likeMatcher(`%${value}%`);
  return (task) => store.comments.of(task.id).some(({ comment }) => isSaid(comment));
}

function byReference(value: string): Filter {
  if (value === "none") return (task) => task.reference === null || task.reference === "";
  const isReferred = likeMatcher(value.replaceAll("*", "%"));
  return (task) => isReferred(task.reference);
}

function byPerson(value: string, { store, userId }: SearchContext, of: (task: TaskRow) => Cell): Filter {
  return (task) => isPerson(value, of(task), store.users.find(of(task)), userId, `%${value}%`);
}

function isPerson(value: string, id: Cell, user: UserRow | undefined, self: number, namePattern: string): boolean {
  if (isDigits(value)) return equalsNumber(id, value);
  switch (value) {
    case "me":
      return id === self;
    case "nobody":
      return id === 0;
    case "anybody":
      return compareCells(id, 0) > 0;
    default:
      return isLike(user?.username ?? null, namePattern) || isLike(user?.name ?? null, `%${value}%`);
  }
}

function byComparison(value: string, of: (task: TaskRow) => Cell): Filter {
  const { operator, operand } = split(value);
  const bound = numberCell(operand);
  return (task) => {
    const cell = of(task);
    return cell !== null && holds(compareCells(cell, bound), operator);
  };
}

/** A whole day, or before, since or after one. */
function byDate(value: string, context: SearchContext, of: (task: TaskRow) => Cell): readonly Filter[] {
  const { operator, operand } = split(value);
  const day = startOfDay(parseRelativeDate(operand, context.nowS));
  switch (operator) {
    case "<=":
      return [byTime(of, (time) => time <= day + dayS - 1)];
    case ">=":
      return [byTime(of, (time) => time >= day)];
    case "<":
      return [byTime(of, (time) => time < day)];
    case ">":
      return [byTime(of, (time) => time > day + dayS)];
    default:
      return [byTime(of, (time) => time >= day), byTime(of, (time) => time <= day + dayS - 1)];
  }
}

function byRange(value: string, context: SearchContext, of: (task: TaskRow) => Cell): readonly Filter[] {
  const [from, to, ...rest] = value.split("..");
  if (from === undefined || to === undefined || rest.length > 0) return [];
  const least = timestampOf(`${from} 00:00`, context.nowS);
  const most = timestampOf(`${to} 00:00`, context.nowS) + dayS - 1;
  return [byTime(of, (time) => time >= least), byTime(of, (time) => time <= most)];
}

function byTime(of: (task: TaskRow) => Cell, holdsAt: (time: number) => boolean): Filter {
  return (task) => {
    const cell = of(task);
    return typeof cell === "number" && holdsAt(cell);
  };
}

function split(value: string): { readonly operator: string; readonly operand: string } {
  const operator = /^(<=|>=|<|>)/.exec(value)?.[0] ?? "";
  return { operator, operand: value.slice(operator.length) };
}

function holds(order: number, operator: string): boolean {
  switch (operator) {
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    default:
      return order === 0;
  }
}

function isSameName(left: string, right: string): boolean {
  return compare(left.toLowerCase(), right.toLowerCase()) === 0;
}
