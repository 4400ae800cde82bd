import { describeOperation } from "./op-words.ts";

/** A site as it is said: who does what, and the how-manieth time. What is no site stands for itself. */
export function describeSite(site: string): string {
  const parts = sitePattern.exec(site);
  if (parts === null) return site;
  const [, process, life, , name, key, occurrence] = parts;
  const actor = life === "0" ? process! : `${process}@${life}`;
  const times = occurrence === "0" ? "" : ` (${ordinal(Number(occurrence) + 1)} time)`;
  if (name === "world") return `${key}${times}`;
  // A program's own operation is keyed by the site that started it.
  if (sitePattern.test(key!)) return `${actor} at work (${describeSite(key!)})${times}`;
  return `${actor} ${describeOperation(name!, key!)}${times}`;
}

/** `process@life/task/name(key)#occurrence`: tasks hold slashes and brackets, keys whole sites. */
const sitePattern = /^([^@/]+)@(\d+)\/(.*?)\/([^/()]+)\((.*)\)#(\d+)$/s;

function ordinal(count: number): string {
  const isTeen = count % 100 > 10 && count % 100 < 14;
  const ending = isTeen ? undefined : { 1: "st", 2: "nd", 3: "rd" }[count % 10];
  return `${count}${ending ?? "th"}`;
}
