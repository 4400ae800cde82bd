import { assert } from "../../src/base/assert.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Signal } from "../../src/ports/subprocess.ts";

/** How a program that starts can misbehave. As plain JSON it stands in fault plans. */
export type ProgramFault =
  /** Ends before its first byte, without having done anything. */
  | { readonly kind: "exitBeforeOutput"; readonly exitCode: number }
  /** Never does anything (`start`), or never ends after its last line (`end`). */
  | { readonly kind: "hang"; readonly when: "start" | "end"; readonly ignoresSignals: boolean }
  /** Stops for ever in the middle of its result, after so many bytes of it. */
  | { readonly kind: "hangAfterBytes"; readonly sizeBytes: number; readonly ignoresSignals: boolean }
  /** Ends in the middle of its result, after so many bytes of it. */
  | { readonly kind: "exitAfterBytes"; readonly sizeBytes: number; readonly exitCode: number }
  /**
   * Struck down by a signal that nobody of its own sent: before it does anything (`start`), or with the work done and
   * the last of its result unsaid (`result`). With SIGKILL that is how it looks when memory runs out.
   */
  | { readonly kind: "dieBySignal"; readonly signal: Signal; readonly when: "start" | "result" }
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
  /** One line of so many bytes in front of the result. */
  | { readonly kind: "longLine"; readonly sizeBytes: number }
  | { readonly kind: "stderrFlood"; readonly sizeBytes: number }
  /** The work is done, but neither standard output nor the result file has anything in it. */
  | { readonly kind: "exitZeroWithoutResult" }
  /** The result says in the program's own form that it failed, but the exit code is 0. */
  | { readonly kind: "exitZeroWithError"; readonly message: string }
  /** A good result and a bad exit code. */
  | { readonly kind: "exitNonZeroAfterResult"; readonly exitCode: number }
  /** Ends as usual and leaves a child in its process group, deaf to all signals but SIGKILL, that writes a file later. */
  | { readonly kind: "lateWriter"; readonly path: string; readonly content: string; readonly delayMs: number }
  /** Ends as usual, but a child that it leaves in its process group holds its pipes open for a while. */
  | { readonly kind: "holdsPipe"; readonly durationMs: number; readonly ignoresSignals: boolean }
  /** Standard input stays open and unread: what is written to it goes nowhere. */
  | { readonly kind: "neverReadInput" }
  /** Closes standard input before it reads any: whoever writes to it learns EPIPE. */
  | { readonly kind: "closeInputEarly" }
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
  { kind: "hangAfterBytes", sizeBytes: 10, ignoresSignals: false },
  { kind: "exitAfterBytes", sizeBytes: 10, exitCode: 0 },
  { kind: "dieBySignal", signal: "SIGKILL", when: "start" },
  { kind: "dieBySignal", signal: "SIGKILL", when: "result" },
  { kind: "ignoreSignals" },
  { kind: "slowStart", delayMs: 120_000 },
  { kind: "cutResult" },
  { kind: "garbageBytes", sizeBytes: 300 },
  { kind: "nonUtf8" },
  { kind: "longLine", sizeBytes: 300_000 },
  { kind: "stderrFlood", sizeBytes: 200_000 },
  { kind: "exitZeroWithoutResult" },
  { kind: "exitZeroWithError", message: "API Error: 500 Internal server error" },
  { kind: "exitNonZeroAfterResult", exitCode: 1 },
  { kind: "lateWriter", path: "late.txt", content: "late\n", delayMs: 600_000 },
  { kind: "holdsPipe", durationMs: 300_000, ignoresSignals: true },
  { kind: "neverReadInput" },
  { kind: "closeInputEarly" },
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

function oneOf(...allowed: readonly string[]): Member {
  return { accepts: (value) => allowed.includes(value as string), optional: false };
}

const signal = oneOf("SIGTERM", "SIGKILL", "SIGINT", "SIGHUP");

const SHAPES: ReadonlyMap<string, Readonly<Record<string, Member>>> = new Map<
  ProgramFault["kind"],
  Readonly<Record<string, Member>>
>([
  ["exitBeforeOutput", { exitCode: count }],
  ["hang", { when: oneOf("start", "end"), ignoresSignals: flag }],
  ["hangAfterBytes", { sizeBytes: count, ignoresSignals: flag }],
  ["exitAfterBytes", { sizeBytes: count, exitCode: count }],
  ["dieBySignal", { signal, when: oneOf("start", "result") }],
  ["ignoreSignals", {}],
  ["slowStart", { delayMs: count }],
  ["cutResult", {}],
  ["garbageBytes", { sizeBytes: count }],
  ["nonUtf8", {}],
  ["longLine", { sizeBytes: count }],
  ["stderrFlood", { sizeBytes: count }],
  ["exitZeroWithoutResult", {}],
  ["exitZeroWithError", { message: text }],
  ["exitNonZeroAfterResult", { exitCode: count }],
  ["lateWriter", { path: text, content: text, delayMs: count }],
  ["holdsPipe", { durationMs: count, ignoresSignals: flag }],
  ["neverReadInput", {}],
  ["closeInputEarly", {}],
  ["leaveGitLock", {}],
  ["editForbiddenFile", { path: { ...text, optional: true }, content: { ...text, optional: true } }],
]);
