import type { Epoch } from "./recording.ts";

/** When two runs of the same calls took place, epoch by epoch; the last epoch of a run that goes on has no end yet. */
export interface Epochs {
  readonly expected: readonly Epoch[];
  readonly actual: readonly Epoch[];
  /** How far apart two dates of one epoch may lie, where both runs had the same clock. Unix seconds. */
  readonly apartSMax?: number;
}

/** Whether two dates mean the same, each in its own run. Unix seconds. */
export function datesAgree(expected: number, actual: number, epochs: Epochs, member: string): boolean {
  const { apartSMax = Number.POSITIVE_INFINITY } = epochs;
  if (epochOf(expected, epochs.expected) !== undefined) {
    return Math.abs(actual - expected) <= apartSMax && inSameEpoch(expected, actual, epochs);
  }
  if (expected === actual) return true;
  if (member === "lock_expiration_date") return inSameEpoch(expected - lockS, actual - lockS, epochs);
  // A date that was given without a time got the time of day at which it was given.
  if (Math.floor(expected / dayS) !== Math.floor(actual / dayS)) return false;
  return (
    Math.abs(actual - expected) <= apartSMax &&
    epochs.expected.some(
      (epoch, index) => isTimeOfDayIn(expected, epoch) && isTimeOfDayIn(actual, epochs.actual[index] ?? nothing),
    )
  );
}

/** @param precisionS of a date that is only known so exactly, as a minute */
export function inSameEpoch(expected: number, actual: number, epochs: Epochs, precisionS = 1): boolean {
  return epochs.expected.some(
    (epoch, index) =>
      overlaps(expected, precisionS, epoch) && overlaps(actual, precisionS, epochs.actual[index] ?? nothing),
  );
}

/** Whether a date of the expected run lies in that run. */
export function isInRun(expected: number, epochs: Epochs, precisionS: number): boolean {
  return epochs.expected.some((epoch) => overlaps(expected, precisionS, epoch));
}

function epochOf(timeS: number, epochs: readonly Epoch[]): number | undefined {
  const index = epochs.findIndex((epoch) => overlaps(timeS, 1, epoch));
  return index === -1 ? undefined : index;
}

/** Whether any of the seconds that a date stands for lies in the epoch. */
function overlaps(timeS: number, precisionS: number, [startS, endS]: Epoch): boolean {
  return timeS > startS - precisionS && timeS <= endS;
}

function isTimeOfDayIn(timeS: number, [startS, endS]: Epoch): boolean {
  const days = Math.floor((startS - timeS) / dayS);
  return [days, days + 1].some((shift) => overlaps(timeS + shift * dayS, 1, [startS, endS]));
}

const nothing: Epoch = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const dayS = 86_400;
/** How long an account is locked after too many wrong passwords. */
const lockS = 15 * 60;
