import {
  attemptsByCause,
  isWait,
  pattern,
  placeOf,
  sample,
  type Attempt,
  type ReadRun,
  type SystemCall,
} from "./calls.ts";
import type { Detector, Sighting } from "./foot-gun.ts";

/**
 * One task does the same again and again, and nothing comes of it: the same call that changes nothing, with one answer,
 * close together; or a model that is asked without end, however much changes.
 */
export const unboundedLoop: Detector = {
  kind: "unbounded-loop",
  title: "A loop that nothing ends",
  leastFix: "count the turns, end after a stated number, and say on the card that it ended so",
  look(run) {
    return [
      ...[...run.byTask.values()].flatMap((calls) => [...standingStill(calls, run), ...askingWithoutEnd(calls)]),
      ...[...attemptsByCause(run.events).values()].flatMap(attemptsWithoutEnd),
    ];
  },
};

/** Turns without progress. Retries that are bounded end long before. */
const turnsMax = 25;
/** Who looks less often polls, and may do so for ever while what it asks answers. */
const failingGapUsMax = 10_000_000;
const idleGapUsMax = 500_000;
/** So often one task may ask a model for one thing, however its questions are numbered. */
const questionsMax = 25;

interface Turns {
  readonly calls: SystemCall[];
  readonly answer: string;
}

function standingStill(calls: readonly SystemCall[], { events }: ReadRun): readonly Sighting[] {
  const turns = new Map<string, Turns>();
  const worst = new Map<string, Turns>();
  let lookedUpTo = calls[0]?.index ?? 0;
  for (const call of calls) {
    for (; lookedUpTo < call.index; lookedUpTo++) {
      const event = events[lookedUpTo]!;
      // Whatever the task has changed is progress.
      if (event.kind === "change" && event.op !== undefined && isOfTask(event.op, call)) turns.clear();
    }
    if (isWait(call)) continue;
    const key = `${call.name} ${call.resource}`;
    const answer = call.answer === undefined ? "" : `${call.answer.failed ? "failed " : ""}${call.answer.detail}`;
    const before = turns.get(key);
    const last = before?.calls.at(-1);
    const gapUsMax = call.answer?.failed === true ? failingGapUsMax : idleGapUsMax;
    const goesOn = before?.answer === answer && call.atUs - last!.atUs <= gapUsMax;
    const now: Turns = goesOn ? before : { calls: [], answer };
    now.calls.push(call);
    turns.set(key, now);
    const place = placeOf(call);
    if (now.calls.length >= turnsMax && now.calls.length > (worst.get(place)?.calls.length ?? 0)) worst.set(place, now);
  }
  return [...worst].map(([place, { calls: repeated, answer }]) => {
    const { task, name } = repeated[0]!;
    const said = answer === "" ? "the same answer" : `the answer ${answer}`;
    return {
      place,
      events: sample(repeated.map(({ index }) => index)),
      count: repeated.length,
      words: `${task} called ${name} ${repeated.length} times in a row with ${said}, and changed nothing between.`,
    };
  });
}

function attemptsWithoutEnd(attempts: readonly Attempt[]): readonly Sighting[] {
  if (attempts.length < turnsMax) return [];
  const { place, words } = attempts[0]!;
  return [
    {
      place: `${place} attempts`,
      events: sample(attempts.map(({ index }) => index)),
      count: attempts.length,
      words: `The work on ${words} was begun ${attempts.length} times for one cause.`,
    },
  ];
}

function askingWithoutEnd(calls: readonly SystemCall[]): readonly Sighting[] {
  const asked = new Map<string, SystemCall[]>();
  for (const call of calls) {
    if (!call.name.startsWith("model.")) continue;
    const key = `${call.name} ${pattern(call.key)}`;
    asked.set(key, [...(asked.get(key) ?? []), call]);
  }
  return [...asked.values()]
    .filter((repeated) => repeated.length >= questionsMax)
    .map((repeated) => ({
      place: placeOf(repeated[0]!),
      events: sample(repeated.map(({ index }) => index)),
      count: repeated.length,
      words: `${repeated[0]!.task} asked a model ${repeated.length} times for ${pattern(repeated[0]!.key)}.`,
    }));
}

function isOfTask(
  op: { readonly process: string; readonly incarnation: number; readonly taskName: string },
  call: SystemCall,
): boolean {
  return `${op.process}@${op.incarnation}/${op.taskName}` === call.task;
}
