import * as fc from "fast-check";
import { canonicalJson, type JsonValue } from "../base/json.ts";
import type { WorkloadSource } from "../sim/scenario.ts";

/** Says of a value that came out of a file whether it is a workload: a zod schema, or a function that tells what is wrong. */
export type WorkloadSchema = SafeParser | ((value: JsonValue) => string | undefined);

/** What a zod schema does. */
export interface SafeParser {
  safeParse(value: unknown): { readonly success: boolean; readonly error?: { readonly issues: readonly SafeIssue[] } };
}

interface SafeIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export interface WorkloadOptions<Workload extends JsonValue> {
  readonly workload: fc.Arbitrary<Workload>;
  /** Without any said, the first that are drawn. */
  readonly examples: readonly Workload[] | undefined;
  readonly schema: WorkloadSchema | undefined;
}

/**
 * The workloads of a scenario: its examples first, then what its generator draws by seed. All are plain JSON, as they
 * will come out of a repro file.
 */
export function workloadSource<Workload extends JsonValue>(
  options: WorkloadOptions<Workload>,
): WorkloadSource<Workload> {
  const arbitrary = options.workload;
  const draw = (seed: number): Workload => asJson(fc.sample(arbitrary, parameters(seed))[0]!);
  return {
    scripted: options.examples ?? distinct(exampleSeeds.map(draw)),
    draw,
    shrink: async (seed, fails) => {
      const holds = fc.asyncProperty(arbitrary, async (workload) => !(await fails(asJson(workload))));
      await fc.check(holds, parameters(seed));
    },
    refuse: refusal(options),
  };
}

/** Some strategies work on examples alone, so that a scenario that names none takes what these draw. */
const exampleSeeds: readonly number[] = [1, 2, 3];

/** Without those that are the same JSON as one before. */
function distinct<Workload extends JsonValue>(workloads: readonly Workload[]): readonly Workload[] {
  return [...new Map(workloads.map((workload) => [canonicalJson(workload), workload])).values()];
}

/** The first workloads that seeds draw, to look at them when the scenario is defined. */
export function firstWorkloads<Workload extends JsonValue>(arbitrary: fc.Arbitrary<Workload>): readonly Workload[] {
  return fc.sample(arbitrary, { seed: 1, numRuns: 20 });
}

/** @returns where a value is something that JSON does not keep, as `cards.0.due: a Date`, or undefined */
export function notJson(value: unknown, place = ""): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : at(place, String(value));
  if (typeof value !== "object") return at(place, typeof value === "undefined" ? "undefined" : `a ${typeof value}`);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) return at(place, `a ${value.constructor.name}`);
  for (const [name, member] of Object.entries(value)) {
    // A member that is undefined is one that is left out.
    if (member === undefined && !Array.isArray(value)) continue;
    const found = notJson(member, place === "" ? name : `${place}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function at(place: string, what: string): string {
  return place === "" ? what : `${place}: ${what}`;
}

/** Without what JSON does not tell apart: -0, members that are undefined, objects without a prototype. */
function asJson<Workload extends JsonValue>(value: Workload): Workload {
  return JSON.parse(JSON.stringify(value)) as Workload;
}

function parameters(seed: number): { readonly seed: number; readonly numRuns: 1 } {
  return { seed: seed | 0, numRuns: 1 };
}

function refusal<Workload extends JsonValue>({
  workload,
  schema,
}: WorkloadOptions<Workload>): (value: JsonValue) => string | undefined {
  if (typeof schema === "function") return schema;
  if (schema !== undefined) return (value) => issueOf(schema.safeParse(value));
  // Generators that were mapped cannot tell what they could have drawn: then nothing is refused.
  const canTell = firstWorkloads(workload).every((drawn) => workload.canShrinkWithoutContext(asJson(drawn)));
  if (!canTell) return () => undefined;
  return (value) =>
    workload.canShrinkWithoutContext(value) ? undefined : "the workload: the scenario's generator draws none like it";
}

function issueOf({ success, error }: ReturnType<SafeParser["safeParse"]>): string | undefined {
  if (success) return undefined;
  const issue = error?.issues[0];
  if (issue === undefined) return "the workload: its schema refuses it";
  return `the workload: ${issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `}${issue.message}`;
}
