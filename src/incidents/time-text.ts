const months: readonly string[] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Milliseconds since 1970 of a time as logs write it: ISO 8601, with a blank for the T and a comma before the fraction too;
 * the common log format, as `05/Jan/2026:10:00:01 +0100`; or a number of seconds, milliseconds, microseconds or
 * nanoseconds since 1970, known by its size. Without a zone it is taken for UTC.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === "number") return ofNumber(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^\d{9,19}(\.\d{1,9})?$/.test(text)) return ofNumber(Number(text));
  const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction = "0", zone] = iso;
    return ofParts([year, Number(month) - 1, day, hour, minute, second], Number(`0.${fraction}`) * 1000, zone);
  }
  const common = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/.exec(text);
  if (common === null) return undefined;
  const [, day, month, year, hour, minute, second, zone] = common;
  const monthIndex = months.indexOf(month!);
  return monthIndex < 0 ? undefined : ofParts([year, monthIndex, day, hour, minute, second], 0, zone);
}

type Parts = readonly [unknown, unknown, unknown, unknown, unknown, unknown];

function ofParts(parts: Parts, ms: number, zone: string | undefined): number {
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month, day, hour, minute, second, Math.round(ms)) - zoneMs(zone);
}

function zoneMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "") ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Between 1973 and 5138 in each unit. */
function ofNumber(value: number): number | undefined {
  for (const perMs of [0.001, 1, 1_000, 1_000_000]) {
    const ms = value / perMs;
    if (ms >= 1e11 && ms < 1e14) return Math.round(ms);
  }
  return undefined;
}
