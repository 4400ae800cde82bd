import { assert } from "../../src/base/assert.ts";
import type { Difference, Exchange } from "../../src/conformance/comparison.ts";
import { builtInRecordingsFolder, loadRecordings } from "../../src/conformance/recording-files.ts";
import { type Epoch, type RecordedCall, type Recording } from "../../src/conformance/recording.ts";
import { TranscriptCheck } from "../../src/conformance/transcript-check.ts";

export function loadRecording(name: string): Recording {
  const loaded = loadRecordings([`${builtInRecordingsFolder()}/${name}.jsonl`]);
  assert(loaded.kind === "ok" && loaded.recordings.length === 1, `${name} is a recording`);
  return loaded.recordings[0]!;
}

export interface FoundDifference extends Difference {
  readonly n: number;
}

/** Holds the answers of one recording against another, as if a server had just given them. */
export function compareWith(
  recording: Recording,
  answers: readonly RecordedCall[],
  epochs: readonly Epoch[] = recording.header.epochs,
): readonly FoundDifference[] {
  const check = new TranscriptCheck(recording);
  const differences: FoundDifference[] = [];
  let index = 0;
  const begin = (): void => check.beginEpoch(epochs[index++]![0]);
  begin();
  const byNumber = new Map(answers.map((answer) => [answer.n, answer]));
  for (const line of recording.lines) {
    if (line.type === "sleep") begin();
    if (line.type !== "call") continue;
    const prepared = check.prepare(line);
    if (prepared.kind === "skip") continue;
    const answer = byNumber.get(line.n)!;
    const difference = check.judge(line, exchangeOf(answer), epochs[index - 1]![1]);
    if (difference !== undefined) differences.push({ n: line.n, ...difference });
  }
  return differences;
}

function exchangeOf({ res, hooks }: RecordedCall): Exchange {
  return { ...res, hooks };
}
