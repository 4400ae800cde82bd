/** Dates as callers write them. The time zone is UTC. */

/**
 * Unix seconds of `MM/DD/YYYY`, `YYYY-MM-DD` or `YYYY_MM_DD`, with or without `HH:MM`; 0 for anything else.
 * A date without a time gets the time of day of `nowS`.
 */
export function parseDate(text: string, nowS: number): number {
  const parts = american.exec(text)?.groups ?? iso.exec(text)?.groups;
  if (parts === undefined) return 0;
  const [year, month, day] = [Number(parts["year"]), Number(parts["month"]), Number(parts["day"])] as const;
  const midnightMs = Date.UTC(2000, 0, 1) + daysBetween(2000, year, month, day) * dayS * 1000;
  const date = new Date(midnightMs);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 0;
  if (parts["hour"] === undefined) return Math.max(0, midnightMs / 1000 + (nowS % dayS));
  const [hour, minute] = [Number(parts["hour"]), Number(parts["minute"])] as const;
  if (hour > 23 || minute > 59) return 0;
  return Math.max(0, midnightMs / 1000 + hour * 3600 + minute * 60);
}

/** What is stored of a date: digits alone are Unix seconds already. */
export function timestampOf(text: string, nowS: number): number {
  return /^\d+$/.test(text) ? Number(text) : parseDate(text, nowS);
}

/** `YYYY-MM-DD` of Unix seconds. */
export function isoDate(timestampS: number): string {
  return new Date(timestampS * 1000).toISOString().slice(0, 10);
}

/** `MM/DD/YYYY HH:MM` of Unix seconds. */
export function dateAndTime(timestampS: number): string {
  const iso = new Date(timestampS * 1000).toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
}

/** Adds days, months or years; months and years keep the time of day and let days overflow into the next month. */
export function shiftDate(timestampS: number, factor: number, unit: "days" | "months" | "years"): number {
  if (unit === "days") return timestampS + factor * dayS;
  const date = new Date(timestampS * 1000);
  const months = unit === "months" ? factor : factor * 12;
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime() / 1000;
}

export function startOfDay(timestampS: number): number {
  return timestampS - (timestampS % dayS);
}

export const dayS = 86_400;

const american = /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})(?: (?<hour>\d{1,2}):(?<minute>\d{2}))?$/;
const iso = /^(?<year>\d{4})[-_](?<month>\d{1,2})[-_](?<day>\d{1,2})(?: (?<hour>\d{1,2}):(?<minute>\d{2}))?$/;

/** Whole days from the first of January of `from` to a date; months and days out of range carry over. */
function daysBetween(from: number, year: number, month: number, day: number): number {
  const start = new Date(0);
  start.setUTCFullYear(from, 0, 1);
  const end = new Date(0);
  end.setUTCFullYear(year, month - 1, day);
  return Math.round((end.getTime() - start.getTime()) / (dayS * 1000));
}
