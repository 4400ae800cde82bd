/** As git prints it, `Mon Sep 21 14:13:20 2026 +0000`. All dates here are in UTC. */
export function defaultDate(atSeconds: number): string {
  const { year, month, day, weekday, time } = civil(atSeconds);
  return `${WEEKDAYS[weekday]} ${MONTHS[month - 1]} ${day} ${time} ${year} +0000`;
}

/** As `2026-09-21 14:13:20 +0000`. */
export function isoDate(atSeconds: number): string {
  return `${shortDate(atSeconds)} ${civil(atSeconds).time} +0000`;
}

/** As `2026-09-21T14:13:20+00:00`. */
export function strictIsoDate(atSeconds: number): string {
  return `${shortDate(atSeconds)}T${civil(atSeconds).time}+00:00`;
}

/** As `2026-09-21`. */
export function shortDate(atSeconds: number): string {
  const { year, month, day } = civil(atSeconds);
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** As `2026-09-21T14:13:20.000Z`. */
export function isoTimestamp(atMs: number): string {
  const atSeconds = Math.floor(atMs / 1000);
  const milliseconds = String(atMs - atSeconds * 1000).padStart(3, "0");
  return `${shortDate(atSeconds)}T${civil(atSeconds).time}.${milliseconds}Z`;
}

/** As `14:13:20`. */
export function timeOfDay(atMs: number): string {
  return civil(Math.floor(atMs / 1000)).time;
}

interface CivilTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** From 0, Sunday. */
  readonly weekday: number;
  readonly time: string;
}

/** The Gregorian calendar, counted from a March so that the leap day comes last. */
function civil(atSeconds: number): CivilTime {
  const days = Math.floor(atSeconds / DAY_SECONDS);
  const second = atSeconds - days * DAY_SECONDS;
  const fromMarch = days + DAYS_TO_EPOCH;
  const era = Math.floor(fromMarch / ERA_DAYS);
  const dayOfEra = fromMarch - era * ERA_DAYS;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    weekday: (((days + 4) % 7) + 7) % 7,
    time: [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(twoDigits).join(":"),
  };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

const DAY_SECONDS = 86_400;
/** 400 years. */
const ERA_DAYS = 146_097;
/** From the first of March of the year 0 to the first of January 1970. */
const DAYS_TO_EPOCH = 719_468;
const WEEKDAYS: readonly string[] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: readonly string[] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
