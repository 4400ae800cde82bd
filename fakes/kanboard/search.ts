import { dayS, startOfDay, timestampOf } from "./dates.ts";
import { findColorId } from "./colors.ts";
import { compare, isDigits } from "./php.ts";
import type { TaskRow, UserRow } from "./rows.ts";
import { compareCells, equalsNumber, equalsText, isLike, numberCell, type Cell } from "./sqlite.ts";
import type { Store } from "./store.ts";

/** Whether a card is found. */
export type Filter = (task: TaskRow) => boolean;

export interface SearchContext {
  readonly store: Store;
  readonly nowS: number;
  /** 0 for the token. */
  readonly userId: number;
}

/**
 * Kanboard's query language: `word:value` filters that must all hold, of which those with the same word are
 * alternatives; any other text is looked for in the titles. Values in double quotes may have blanks.
 */
export function parseQuery(query: string, context: SearchContext): Filter {
  const wanted = tokenize(query);
  const filters = [...wanted].map(([word, values]) => {
    const alternatives = values.map((value) => words[word]!(value, context));
    return (task: TaskRow) => alternatives.some((filter) => filter(task));
  });
  return (task) => filters.every((filter) => filter(task));
}

/** Values by word, in order of their first appearance; the free text stands under `title`. */
function tokenize(query: string): Map<string, string[]> {
  const tokens: Token[] = [];
  let rest = query;
  while (rest !== "") {
    const token = nextToken(rest);
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
  if (freeText.trim() !== "") found.set("title", [freeText.trim()]);
  return found;
}

interface Token {
  readonly word: string | undefined;
  /** Without its quotes. */
  readonly text: string;
  readonly isBlank: boolean;
  readonly length: number;
}

function nextToken(rest: string): Token {
  for (const word of wordsByPrecedence) {
    if (rest.slice(0, word.length + 1).toLowerCase() === `${word}:`) {
      return { word, text: "", isBlank: false, length: word.length + 1 };
    }
  }
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

type FilterOf = (value: string, context: SearchContext) => Filter;

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
  comment:
    (value, { store }) =>
    (task) =>
      store.comments.of(task.id).some((comment) => isLike(comment.comment, `%${value}%`)),
  created: (value, context) => byDate(value, context, (task) => task.date_creation),
  createdrange: (value, context) => byRange(value, context, (task) => task.date_creation),
  description: (value) => (task) => isLike(task.description, `%${value}%`),
  desc: (value) => (task) => isLike(task.description, `%${value}%`),
  due: (value, context) => {
    if (value === "none") return (task) => equalsNumber(task.date_due, 0);
    const isOn = byDate(value, context, (task) => task.date_due);
    return (task) => task.date_due !== null && task.date_due !== 0 && isOn(task);
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
  project:
    (value, { store }) =>
    (task) =>
      isDigits(value)
        ? equalsNumber(task.project_id, value)
        : isLike(store.projects.find(task.project_id)?.name ?? null, value),
  reference: byReference,
  ref: byReference,
  score: (value) => byComparison(value, (task) => task.score),
  complexity: (value) => byComparison(value, (task) => task.score),
  status: (value) => {
    if (value === "open" || value === "closed") return (task) => task.is_active === (value === "open" ? 1 : 0);
    return (task) => !isDigits(value) || equalsNumber(task.is_active, value);
  },
  "subtask:assignee":
    (value, { store, userId }) =>
    (task) =>
      store.subtasks.of(task.id).some((subtask) => {
        if (subtask.status === 2) return false;
        const worker = store.users.find(subtask.user_id);
        return isPerson(value, subtask.user_id, worker, userId, `${value}%`);
      }),
  swimlane:
    (value, { store }) =>
    (task) =>
      isLike(store.swimlanes.find(task.swimlane_id)?.name ?? null, value),
  tag:
    (value, { store }) =>
    (task) => {
      const tags = store.tagsOf(task.id);
      if (value === "none") return tags.length === 0;
      return tags.some((id) => isLike(store.tags.find(id)!.name, `%${value}%`));
    },
  search:
    (value, { store }) =>
    (task) =>
      byTitle(value)(task) ||
      isLike(task.description, `%${value}%`) ||
      store.comments.of(task.id).some((comment) => isLike(comment.comment, `%${value}%`)),
  title: byTitle,
};

/** A word that was added later is looked for first. */
const wordsByPrecedence = Object.keys(words).toReversed();

/** A number, with or without `#`, is a card's id as well. */
function byTitle(value: string): Filter {
  const id = /^#?(\d+)$/.exec(value)?.[1];
  return (task) => (id !== undefined && equalsNumber(task.id, id)) || isLike(task.title, `%${value}%`);
}

function byReference(value: string): Filter {
  if (value === "none") return (task) => task.reference === null || task.reference === "";
  return (task) => isLike(task.reference, value.replaceAll("*", "%"));
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
function byDate(value: string, context: SearchContext, of: (task: TaskRow) => Cell): Filter {
  const { operator, operand } = split(value);
  const day = dayOf(operand, context.nowS);
  const isOn = (time: number): boolean => {
    switch (operator) {
      case "<=":
        return time <= day + dayS - 1;
      case ">=":
        return time >= day;
      case "<":
        return time < day;
      case ">":
        return time > day + dayS;
      default:
        return time >= day && time <= day + dayS - 1;
    }
  };
  return (task) => {
    const cell = of(task);
    return typeof cell === "number" && isOn(cell);
  };
}

function byRange(value: string, context: SearchContext, of: (task: TaskRow) => Cell): Filter {
  const [from, to, ...rest] = value.split("..");
  if (from === undefined || to === undefined || rest.length > 0) return () => true;
  const least = timestampOf(`${from} 00:00`, context.nowS);
  const most = timestampOf(`${to} 00:00`, context.nowS) + dayS - 1;
  return (task) => {
    const cell = of(task);
    return typeof cell === "number" && cell >= least && cell <= most;
  };
}

/** Midnight of a date, of seconds, or of a day in words. What is no date is the first day of all. */
function dayOf(text: string, nowS: number): number {
  const days: Readonly<Record<string, number>> = { today: 0, now: 0, tomorrow: 1, yesterday: -1 };
  const shift = days[text.toLowerCase()] ?? relativeDays(text);
  if (shift !== undefined) return startOfDay(nowS) + shift * dayS;
  if (/^\d+$/.test(text)) return startOfDay(Number(text));
  return startOfDay(timestampOf(text, nowS));
}

function relativeDays(text: string): number | undefined {
  const match = /^([+-]\d+) ?(day|week)s?$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * (match[2]!.toLowerCase() === "week" ? 7 : 1);
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
