import { startOfDay } from "./dates.ts";

/**
 * A date as people say it to the search: `2026-12-24`, `12/24/2026`, `24 December`, `tomorrow`, `-3 days`,
 * `2 weeks ago`, `next friday`, `first day of next month`, Unix seconds. The time zone is UTC.
 *
 * @returns Unix seconds; 0 for what is no date
 */
export function parseRelativeDate(text: string, nowS: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  const reading: Reading = {
    ...dateOf(nowS),
    shift: { ...noShift },
    weekday: undefined,
    edge: undefined,
    isByWeek: false,
  };
  let rest = text.toLowerCase().trim();
  if (rest === "") return 0;
  while (rest !== "") {
    const match = findPhrase(rest, reading, nowS);
    if (match === undefined) return 0;
    rest = rest.slice(match).replace(/^[\s,]+/, "");
  }
  return resolve(reading);
}

/** A moment in its parts; months from 0. */
interface Moment {
  year: number;
  month: number;
  day: number;
  /** Seconds into the day. */
  timeS: number;
}

interface Shift {
  years: number;
  months: number;
  days: number;
  seconds: number;
}

interface Reading extends Moment {
  shift: Shift;
  /** `amount` 0 lets today count, 1 and -1 do not. */
  weekday: { readonly day: number; readonly amount: number } | undefined;
  edge: "first" | "last" | undefined;
  /** A week was named: the weekday, Monday unless given, is that of the week from Monday to Sunday. */
  isByWeek: boolean;
}

/** Reads one phrase into the date. @returns its length, or undefined when nothing fits */
function findPhrase(rest: string, reading: Reading, nowS: number): number | undefined {
  for (const [pattern, read] of phrases) {
    const match = pattern.exec(rest);
    if (match !== null && read(reading, match.slice(1), nowS) !== "invalid") return match[0].length;
  }
  return undefined;
}

type Read = (reading: Reading, groups: readonly (string | undefined)[], nowS: number) => "invalid" | void;

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] as const;
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const month =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const weekday = "(sun(?:day)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?)";
const unit = "(sec(?:ond)?|min(?:ute)?|hour|day|week|fortnight|month|year)s?";

const phrases: readonly (readonly [RegExp, Read])[] = [
  [/^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/, (reading, [y, m, d]) => setDate(reading, y, m, d)],
  [/^(\d{1,2})\/(\d{1,2})\/(\d{4})\b/, (reading, [m, d, y]) => setDate(reading, y, m, d)],
  [/^(\d{1,2})[-.](\d{1,2})[-.](\d{4})\b/, (reading, [d, m, y]) => setDate(reading, y, m, d)],
  [/^(\d{4})-(\d{2})\b/, (reading, [y, m]) => setDate(reading, y, m, "1")],
  [
    new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?[ -]*${month}[ -]*(\\d{4})?\\b`),
    (reading, [d, name, y]) => setDate(reading, y ?? String(reading.year), monthNumber(name!), d),
  ],
  [
    new RegExp(`^${month} (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?\\b`),
    (reading, [name, d, y]) => setDate(reading, y ?? String(reading.year), monthNumber(name!), d),
  ],
  [
    new RegExp(`^${month}(?: (\\d{4}))?\\b`),
    (reading, [name, y]) =>
      setDate(reading, y ?? String(reading.year), monthNumber(name!), y === undefined ? String(reading.day) : "1"),
  ],
  [/^@(\d+)\b/, (reading, [timeS]) => void Object.assign(reading, dateOf(Number(timeS)))],
  [/^t?(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?(am|pm))?\b/, (reading, groups) => setTime(reading, groups)],
  [/^(?:today|midnight)\b/, (reading) => void (reading.timeS = 0)],
  [/^noon\b/, (reading) => void (reading.timeS = 12 * 3600)],
  [/^now\b/, () => {}],
  [/^tomorrow\b/, (reading) => shiftDay(reading, 1)],
  [/^yesterday\b/, (reading) => shiftDay(reading, -1)],
  [/^(first|last) day of\b/, (reading, [edge]) => void (reading.edge = edge as "first" | "last")],
  [/^ago\b/, (reading) => negate(reading.shift)],
  [
    new RegExp(`^([+-]?) *(\\d+) *${unit}\\b`),
    (reading, [sign, count, name]) => addShift(reading.shift, name!, (sign === "-" ? -1 : 1) * Number(count)),
  ],
  [
    /^(next|last|previous|this) week\b/,
    (reading, [which]) => {
      reading.isByWeek = true;
      addShift(reading.shift, "week", amounts[which!]!);
    },
  ],
  [
    new RegExp(`^(next|last|previous|this) ${unit}\\b`),
    (reading, [which, name]) => addShift(reading.shift, name!, amounts[which!]!),
  ],
  [
    new RegExp(`^(?:(next|last|previous|this) )?${weekday}\\b`),
    (reading, [which, name]) => {
      const day = weekdayNames.findIndex((known) => name!.startsWith(known));
      reading.weekday = { day, amount: which === undefined ? 0 : amounts[which]! };
      reading.timeS = 0;
    },
  ],
];

const amounts: Readonly<Record<string, number>> = { next: 1, last: -1, previous: -1, this: 0 };
const noShift: Shift = { years: 0, months: 0, days: 0, seconds: 0 };

/** A month has up to 31 days here, and what is too much goes over into the next one. */
function setDate(
  reading: Reading,
  year: string | undefined,
  monthText: string | undefined,
  dayText: string | undefined,
): "invalid" | void {
  const [monthOfYear, day] = [Number(monthText), Number(dayText)];
  if (monthOfYear < 1 || monthOfYear > 12 || day > 31) return "invalid";
  Object.assign(reading, { year: Number(year), month: monthOfYear - 1, day, timeS: 0 });
}

function setTime(reading: Reading, [h, m, s, half]: readonly (string | undefined)[]): "invalid" | void {
  const hour = half === undefined ? Number(h) : (Number(h) % 12) + (half === "pm" ? 12 : 0);
  if (hour > 24 || Number(m) > 59 || Number(s ?? 0) > 59) return "invalid";
  reading.timeS = hour * 3600 + Number(m) * 60 + Number(s ?? 0);
}

function monthNumber(name: string): string {
  return String(monthNames.findIndex((known) => name.startsWith(known)) + 1);
}

function shiftDay(reading: Reading, days: number): void {
  reading.timeS = 0;
  reading.shift.days += days;
}

function addShift(shift: Shift, name: string, count: number): void {
  switch (name) {
    case "year":
      shift.years += count;
      break;
    case "month":
      shift.months += count;
      break;
    case "fortnight":
      shift.days += 14 * count;
      break;
    case "week":
      shift.days += 7 * count;
      break;
    case "day":
      shift.days += count;
      break;
    case "hour":
      shift.seconds += 3600 * count;
      break;
    default:
      shift.seconds += name.startsWith("min") ? 60 * count : count;
  }
}

function negate(shift: Shift): void {
  shift.years = -shift.years;
  shift.months = -shift.months;
  shift.days = -shift.days;
  shift.seconds = -shift.seconds;
}

/** The weekday is found from the date before it is shifted; an edge of the month replaces the day. */
function resolve(reading: Reading): number {
  const { shift, edge } = reading;
  const day = reading.day + daysToWeekday(reading);
  const years = reading.year + shift.years;
  const months = reading.month + shift.months;
  const midnight =
    edge === undefined
      ? utcS(years, months, day + shift.days)
      : edge === "first"
        ? utcS(years, months, 1)
        : utcS(years, months + 1, 0);
  return midnight + reading.timeS + shift.seconds;
}

function daysToWeekday({ year, month: monthIndex, day, weekday: wanted, isByWeek }: Reading): number {
  const current = new Date(utcS(year, monthIndex, day) * 1000).getUTCDay();
  if (isByWeek) return mondayFirst(wanted?.day ?? 1) - mondayFirst(current);
  if (wanted === undefined) return 0;
  const ahead = (wanted.day - current + 7) % 7;
  if (wanted.amount > 0) return ahead === 0 ? 7 : ahead;
  return wanted.amount < 0 ? ahead - 7 : ahead;
}

/** Monday is 1, Sunday is 7. */
function mondayFirst(day: number): number {
  return day === 0 ? 7 : day;
}

function dateOf(timeS: number): Moment {
  const date = new Date(timeS * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    timeS: timeS - startOfDay(timeS),
  };
}

function utcS(year: number, monthIndex: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, monthIndex, day);
  return date.getTime() / 1000;
}
