import { assert } from "../../src/base/assert.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";

/** How a program that starts can misbehave. As plain JSON it stands in fault plans. */
export type ProgramFault =
  /** Ends before its first byte, without having done anything. */
  | { readonly kind: "exitBeforeOutput"; readonly exitCode: number }
  /** Never does anything (`start`), or never ends after its last line (`end`). */
  | { readonly kind: "hang"; readonly when: "start" | "end"; readonly ignoresSignals: boolean }
  /** Works as usual, but only SIGKILL ends it. */
  | { readonly kind: "ignoreSignals" }
  /** Does nothing for a while, then works as usual. */
  | { readonly kind: "slowStart"; readonly delayMs: number }
  /** The result stops in the middle of its last line; the exit code is as usual. */
  | { readonly kind: "cutResult" }
  /** Lines of noise in front of the result. */
  | { readonly kind: "garbageBytes"; readonly sizeBytes: number }
  /** Bytes inside the result that are not UTF-8. */
  | { readonly kind: "nonUtf8" }
  | { readonly kind: "stderrFlood"; readonly sizeBytes: number }
  /** The work is done, but neither standard output nor the result file has anything in it. */
  | { readonly kind: "exitZeroWithoutResult" }
  /** A good result and a bad exit code. */
  | { readonly kind: "exitNonZeroAfterResult"; readonly exitCode: number }
  /** Stays after its result, deaf to all signals but SIGKILL, and writes a file later. */
  | { readonly kind: "lateWriter"; readonly path: string; readonly content: string; readonly delayMs: number }
  /** An `index.lock` stays behind in the repository it ran in. */
  | { readonly kind: "leaveGitLock" }
  /** Changes a file that it was not asked to: `path`, or without one a drawn file, a test if there is any. */
  | { readonly kind: "editForbiddenFile"; readonly path?: string; readonly content?: string };

/** Checks a behaviour that comes from a plan: all members present, of their type, and no others. */
export function programFaultOf(behaviour: JsonObject): ProgramFault {
  const { kind, ...members } = behaviour;
  assert(typeof kind === "string", "a behaviour of a program has a kind");
  const shape = SHAPES.get(kind);
  assert(shape !== undefined, `no behaviour of a program is called ${kind}`);
  for (const [name, value] of Object.entries(members)) {
    assert(shape[name] !== undefined, `behaviour ${kind} has no ${name}`);
    assert(value === undefined || shape[name].accepts(value), `behaviour ${kind}: bad ${name}`);
  }
  for (const [name, member] of Object.entries(shape)) {
    assert(member.optional || members[name] !== undefined, `behaviour ${kind} lacks ${name}`);
  }
  return behaviour as unknown as ProgramFault;
}

/** One of each kind, with parameters that are worth trying: what a sweep takes its faults from. */
export const sampleProgramFaults: readonly ProgramFault[] = [
  { kind: "exitBeforeOutput", exitCode: 1 },
  { kind: "hang", when: "start", ignoresSignals: false },
  { kind: "hang", when: "end", ignoresSignals: true },
  { kind: "ignoreSignals" },
  { kind: "slowStart", delayMs: 120_000 },
  { kind: "cutResult" },
  { kind: "garbageBytes", sizeBytes: 300 },
  { kind: "nonUtf8" },
  { kind: "stderrFlood", sizeBytes: 200_000 },
  { kind: "exitZeroWithoutResult" },
  { kind: "exitNonZeroAfterResult", exitCode: 1 },
  { kind: "lateWriter", path: "late.txt", content: "late\n", delayMs: 600_000 },
  { kind: "leaveGitLock" },
  { kind: "editForbiddenFile" },
];

interface Member {
  readonly accepts: (value: JsonValue) => boolean;
  readonly optional: boolean;
}

const text: Member = { accepts: (value) => typeof value === "string", optional: false };
const count: Member = { accepts: (value) => Number.isInteger(value) && (value as number) >= 0, optional: false };
const flag: Member = { accepts: (value) => typeof value === "boolean", optional: false };
const moment: Member = { accepts: (value) => value === "start" || value === "end", optional: false };

const SHAPES: ReadonlyMap<string, Readonly<Record<string, Member>>> = new Map<
  ProgramFault["kind"],
  Readonly<Record<string, Member>>
>([
  ["exitBeforeOutput", { exitCode: count }],
  ["hang", { when: moment, ignoresSignals: flag }],
  ["ignoreSignals", {}],
  ["slowStart", { delayMs: count }],
  ["cutResult", {}],
  ["garbageBytes", { sizeBytes: count }],
  ["nonUtf8", {}],
  ["stderrFlood", { sizeBytes: count }],
  ["exitZeroWithoutResult", {}],
  ["exitNonZeroAfterResult", { exitCode: count }],
  ["lateWriter", { path: text, content: text, delayMs: count }],
  ["leaveGitLock", {}],
  ["editForbiddenFile", { path: { ...text, optional: true }, content: { ...text, optional: true } }],
]);
