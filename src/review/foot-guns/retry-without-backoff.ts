import { attemptsByCause, isRequest, isWait, placeOf, sample, type Attempt, type SystemCall } from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/** A request that fails is sent again and again after the same pause, or after none: the gaps do not grow. */
export const retryWithoutBackoff: Detector = {
  kind: "retry-without-backoff",
  title: "Retries without backoff",
  leastFix: "double the pause after each failure, up to a stated one, and spread it by chance",
  look({ byTask, events }) {
    return [...[...byTask.values()].flatMap(seriesOf), ...[...attemptsByCause(events).values()].flatMap(attemptsOf)];
  },
};

/** One less cannot tell a pause that grows from one that does not. */
const triesMin = 4;
/** Who waits longer leaves room to recover, however steadily. */
const gapUsMax = 30_000_000;
/** The last pause is so much longer than the first where they grow at all. */
const growth = 1.5;
/** Polls come at about the same pace after a failure as after an answer. */
const pollShare = 0.8;

function seriesOf(calls: readonly SystemCall[]): readonly Sighting[] {
  const failing = new Map<string, SystemCall[]>();
  /** By request: the shortest time from a good answer to the next one. */
  const usualGapUs = new Map<string, number>();
  const answeredUs = new Map<string, number>();
  const sightings: Sighting[] = [];
  const end = (key: string): void => {
    const tries = failing.get(key) ?? [];
    failing.delete(key);
    const sighting = isPolling(tries, usualGapUs.get(key)) ? undefined : judge(tries);
    if (sighting !== undefined) sightings.push(sighting);
  };
  for (const call of calls) {
    if (!isRequest(call) || isWait(call)) continue;
    const key = `${call.name} ${call.key}`;
    const sinceAnswerUs = call.atUs - (answeredUs.get(key) ?? Number.NaN);
    if (!Number.isNaN(sinceAnswerUs)) usualGapUs.set(key, Math.min(sinceAnswerUs, usualGapUs.get(key) ?? Infinity));
    answeredUs.delete(key);
    if (call.answer?.failed === false) answeredUs.set(key, call.answer.atUs);
    failing.set(key, [...(failing.get(key) ?? []), call]);
    if (call.answer?.failed !== true) end(key);
  }
  for (const key of [...failing.keys()]) end(key);
  return sightings;
}

/** The whole work of a cause, begun anew each time. After a death it is begun as soon as somebody is there. */
function attemptsOf(attempts: readonly Attempt[]): readonly Sighting[] {
  const gaps = attempts.slice(1).flatMap(({ atUs }, index) => {
    const { endUs } = attempts[index]!;
    return endUs === undefined ? [] : [atUs - endUs];
  });
  if (gaps.length < triesMin - 1 || !isSteady(gaps)) return [];
  const { place, words } = attempts[0]!;
  return [
    {
      place: `${place} attempts`,
      events: sample(attempts.map(({ index }) => index)),
      count: attempts.length,
      words: `The work on ${words} was begun ${attempts.length} times, ${seconds(gaps[0]!)} after the first attempt and still ${seconds(gaps.at(-1)!)} after the last but one.`,
    },
  ];
}

function isSteady(gaps: readonly number[]): boolean {
  const [first, last] = [gaps[0]!, gaps.at(-1)!];
  return Math.min(...gaps) <= gapUsMax && last <= first * growth + 1_000;
}

/** Who asks as often when all is well does not ask again because it failed. */
function isPolling(tries: readonly SystemCall[], gapUs: number | undefined): boolean {
  return gapUs !== undefined && gapUs > 0 && Math.min(...gapsOf(tries)) >= gapUs * pollShare;
}

function gapsOf(tries: readonly SystemCall[]): readonly number[] {
  return tries.slice(1).map((call, index) => call.atUs - tries[index]!.answer!.atUs);
}

function judge(tries: readonly SystemCall[]): Sighting | undefined {
  if (tries.length < triesMin) return undefined;
  const gaps = gapsOf(tries);
  if (!isSteady(gaps)) return undefined;
  const { task, name, key } = tries[0]!;
  return {
    place: placeOf(tries[0]!),
    events: sample(tries.map(({ index }) => index)),
    count: tries.length,
    words: `${task} sent ${name}(${key}) ${tries.length} times while it failed, ${seconds(gaps[0]!)} after the first failure and still ${seconds(gaps.at(-1)!)} after the last but one.`,
  };
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(us < 10_000_000 ? 1 : 0)} s`;
}
