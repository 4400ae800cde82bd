import type { JsonValue } from "../base/json.ts";
import { familyOf } from "../faults/fault.ts";
import { DefinitionError } from "./definition-error.ts";
import { rampsProblem } from "./ramps.ts";
import type { ScenarioDefinition } from "./scenario.ts";
import { firstWorkloads, notJson } from "./workload.ts";

/**
 * Looks at each member of a definition, for those whose editor did not.
 *
 * @throws DefinitionError with all that is wrong
 */
export function checkDefinition<Workload extends JsonValue>(definition: ScenarioDefinition<Workload>): void {
  if (!isRecord(definition)) throw new DefinitionError("defineScenario", ["it takes one object"]);
  const given: Readonly<Record<string, unknown>> = { ...definition };
  const problems = Object.keys(given)
    .filter((member) => !(member in checks))
    .map((member) => `${member}: there is no such member; there are ${Object.keys(checks).join(", ")}`);
  for (const [member, check] of Object.entries(checks)) {
    const value = given[member];
    if (value === undefined) {
      if (required.has(member)) problems.push(`${member}: is missing`);
      continue;
    }
    const problem = check(value);
    if (problem !== undefined) problems.push(`${member}: ${problem}`);
  }
  if (problems.length === 0) problems.push(...workloadProblems(definition));
  const name = typeof given["name"] === "string" ? ` ${JSON.stringify(given["name"])}` : "";
  if (problems.length > 0) throw new DefinitionError(`defineScenario${name}`, problems);
}

/** @returns what is wrong with a value that is there */
type MemberCheck = (value: unknown) => string | undefined;

const required: ReadonlySet<string> = new Set(["name", "workload", "system", "invariants"]);

const checks: Readonly<Record<keyof ScenarioDefinition<JsonValue>, MemberCheck>> = {
  name: (value) =>
    typeof value === "string" && namePattern.test(value)
      ? undefined
      : "must be in kebab-case, as claim-race or claims/two-workers",
  about: isText,
  workload: (value) =>
    isRecord(value) && typeof value["generate"] === "function" && typeof value["shrink"] === "function"
      ? undefined
      : "must be a fast-check arbitrary, as fc.record({ cards: fc.nat(5) })",
  examples: isList,
  schema: (value) =>
    typeof value === "function" || (isRecord(value) && typeof value["safeParse"] === "function")
      ? undefined
      : "must be a zod schema, or a function that says what is wrong with a value",
  services: unlessFunction((value) => eachOf(value, isService)),
  programs: unlessFunction((value) => eachOf(value, isProgram)),
  files: unlessFunction(filesProblem),
  system: systemProblem,
  drive: isFunction,
  furnish: isFunction,
  faults: faultsProblem,
  invariants: (value) => eachOf(value, isInvariant),
  sometimes: (value) => eachOf(value, isSometimes),
  bounds: boundsProblem,
  ramps: rampsProblem,
};

const namePattern = /^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*$/;
const processPattern = /^[a-z][a-z0-9-]*$/;

/** Draws a few: what is wrong with them would show much later, and far from here. */
function workloadProblems<Workload extends JsonValue>({
  workload,
  examples = [],
  schema,
}: ScenarioDefinition<Workload>): string[] {
  const problemOf = (value: Workload): string | undefined => {
    const found = notJson(value);
    if (found !== undefined) return `must be plain JSON, and is not: ${found}`;
    if (schema === undefined) return undefined;
    if (typeof schema === "function") {
      const refusal = schema(value);
      return refusal === undefined ? undefined : `is refused by schema: ${refusal}`;
    }
    return schema.safeParse(value).success ? undefined : `is refused by schema: ${JSON.stringify(value)}`;
  };
  const inExamples = examples.flatMap((example, index) => {
    const problem = problemOf(example);
    return problem === undefined ? [] : [`examples.${index}: ${problem}`];
  });
  const drawn = firstWorkloads(workload).map(problemOf).find(Boolean);
  return drawn === undefined ? inExamples : [...inExamples, `workload: what it draws ${drawn}`];
}

/** A function of the workload can only be looked at when it is called. */
function unlessFunction(check: MemberCheck): MemberCheck {
  return (value) => (typeof value === "function" ? undefined : check(value));
}

function isService(value: unknown): string | undefined {
  if (!isRecord(value)) return "must be a service, as kanboard() or serveAt(origin, create)";
  const { origin, create } = value;
  if (typeof origin !== "string" || !/^https?:\/\/[^/]+$/.test(origin)) {
    return "origin: must be as http://board.test, without a path";
  }
  return typeof create === "function" ? undefined : "create: must be a function";
}

function isProgram(value: unknown): string | undefined {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["run"] === "function"
    ? undefined
    : "must be a program, as git() of stormlane/fakes";
}

function filesProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return "must be an object: contents by absolute path";
  const wrong = Object.entries(value).find(([path, content]) => !path.startsWith("/") || typeof content !== "string");
  if (wrong === undefined) return undefined;
  return wrong[0].startsWith("/") ? `${wrong[0]}: its content must be a text` : `${wrong[0]}: must be an absolute path`;
}

function systemProblem(value: unknown): string | undefined {
  if (!isRecord(value) || Object.keys(value).length === 0) return "must name at least one process";
  for (const [name, process] of Object.entries(value)) {
    if (!processPattern.test(name)) return `${name}: the name of a process must be in kebab-case`;
    if (name === "people") return "people: is the process that drive runs as";
    const main = isRecord(process) ? process["main"] : process;
    if (typeof main !== "function") return `${name}: must be a function (ports, workload), or { main }`;
  }
  return undefined;
}

function faultsProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return "must be an object, as { families: ['delivery'] }";
  const { families = [], ...numbers } = value;
  const known = [...new Set<string>([...Object.values(familyOf), "model"])].toSorted();
  if (!Array.isArray(families)) return `families: must be a list of ${known.join(", ")}`;
  const wrong = families.find((family) => !known.includes(family as string));
  if (wrong !== undefined) return `families: there is no ${String(wrong)}; there are ${known.join(", ")}`;
  return numbersProblem(
    numbers,
    ["faultsMax", "faultsUntilMs", "restartAfterMsMax"],
    ["seams", "victims", "outagesMs", "serviceFaults", "programBehaviours"],
  );
}

function boundsProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return "must be an object, as { virtualMsMax: 600_000 }";
  return numbersProblem(value, ["stepsMax", "virtualMsMax"], ["latencies"]);
}

function numbersProblem(
  value: Readonly<Record<string, unknown>>,
  numbers: readonly string[],
  others: readonly string[],
): string | undefined {
  for (const [name, member] of Object.entries(value)) {
    if (numbers.includes(name)) {
      const isCount = typeof member === "number" && Number.isSafeInteger(member) && member >= 0;
      if (!isCount) return `${name}: must be a whole number, 0 or more`;
    } else if (!others.includes(name)) {
      return `${name}: there is no such member; there are ${[...numbers, ...others].join(", ")}`;
    }
  }
  return undefined;
}

function isInvariant(value: unknown): string | undefined {
  return isRecord(value) && typeof value["id"] === "string" && typeof value["start"] === "function"
    ? undefined
    : "must be an invariant, as defineInvariant({...}) gives";
}

function isSometimes(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? "must not be empty" : undefined;
  return isRecord(value) && typeof value["name"] === "string" && typeof value["start"] === "function"
    ? undefined
    : "must be the name of an event in a log, or what defineSometimes({...}) gives";
}

function eachOf(value: unknown, check: MemberCheck): string | undefined {
  if (!Array.isArray(value)) return "must be a list";
  for (const [index, each] of value.entries()) {
    const problem = check(each);
    if (problem !== undefined) return `${index}: ${problem}`;
  }
  return undefined;
}

function isText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? undefined : "must be a text that is not empty";
}

function isList(value: unknown): string | undefined {
  return Array.isArray(value) ? undefined : "must be a list";
}

function isFunction(value: unknown): string | undefined {
  return typeof value === "function" ? undefined : "must be a function";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
