import type { Case } from "../sim/case.ts";

/**
 * The same case for a run in which something went wrong less often. A fault makes a process live once more, or a task
 * be tried again, and what is aimed at the later life or attempt no longer finds its site when that fault is left out. Sites are
 * named `process@life/task/operation(key)#occurrence`; a task that is tried again has a name that ends in `attempt 2`.
 *
 * @returns candidates, the likeliest first: lives one earlier, attempts one earlier, both; then the first of each. None where
 *   nothing is aimed at a later one.
 */
export function inEarlierLives(input: Case): Case[] {
  const before = JSON.stringify(input);
  const candidates = [
    withSites(input, earlierLife),
    withSites(input, earlierAttempt),
    withSites(input, (site) => earlierAttempt(earlierLife(site))),
    withSites(input, firstLife),
    withSites(input, (site) => firstAttempt(firstLife(site))),
  ];
  const seen = new Set([before]);
  return candidates.filter((candidate) => {
    const text = JSON.stringify(candidate);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/**
 * The same case for a run that does less of the same: `#7` of an operation is its eighth, and with a smaller workload what
 * it did may be the sixth.
 *
 * @returns candidates, the nearest first. None where nothing is aimed at a repetition.
 */
export function inEarlierOccurrences(input: Case): Case[] {
  const sites = [...input.faults, ...input.preemptions, ...input.delays].map(({ site }) => site);
  const most = Math.max(0, ...sites.map(occurrenceOf));
  return Array.from({ length: Math.min(most, occurrencesBackMax) }, (_, index) =>
    withSites(input, (site) => site.replace(/\d+$/, () => String(Math.max(0, occurrenceOf(site) - index - 1)))),
  );
}

function occurrenceOf(site: string): number {
  return Number(/#(\d+)$/.exec(site)?.[1] ?? 0);
}

/** Few operations are done more often than this for one item of a workload. */
const occurrencesBackMax = 4;

function withSites(input: Case, rename: (site: string) => string): Case {
  return {
    ...input,
    faults: input.faults.map((fault) => ({ ...fault, site: rename(fault.site) })),
    preemptions: input.preemptions.map(({ site, step, until }) => ({
      site: rename(site),
      step,
      until: { site: rename(until.site), step: until.step },
    })),
    delays: input.delays.map((delay) => ({ ...delay, site: rename(delay.site) })),
  };
}

function earlierLife(site: string): string {
  return withLife(site, (life) => Math.max(0, life - 1));
}

function firstLife(site: string): string {
  return withLife(site, () => 0);
}

function withLife(site: string, change: (life: number) => number): string {
  return site.replace(/^([^/@]+)@(\d+)\//, (_, process: string, life: string) => `${process}@${change(Number(life))}/`);
}

function earlierAttempt(site: string): string {
  return withAttempt(site, (attempt) => Math.max(1, attempt - 1));
}

function firstAttempt(site: string): string {
  return withAttempt(site, () => 1);
}

function withAttempt(site: string, change: (attempt: number) => number): string {
  return site.replace(
    /^([^/]+\/.*? attempt )(\d+)\//,
    (_, path: string, attempt: string) => `${path}${change(Number(attempt))}/`,
  );
}
