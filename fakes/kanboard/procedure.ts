import type { JsonValue } from "../../src/base/json.ts";
import type { ServiceStep } from "../../src/ports/service.ts";
import type { Guard } from "./authorization.ts";
import type { Answer, Call, Statementwise } from "./call.ts";

/** One procedure of the API. */
export type Procedure = AtomicProcedure | StatementwiseProcedure;

interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Who of the users may call it; the application token may, except what is for users only. */
  readonly guard?: Guard;
}

/** A procedure of one statement: a plain read, or a single write. */
export interface AtomicProcedure extends Signature {
  readonly kind: "atomic";
  readonly touches: (call: Call, ...given: never[]) => ServiceStep;
  readonly run: (call: Call, ...given: never[]) => Answer;
}

/**
 * A procedure of several statements. What lies between two yields happens at once: reads that follow one another
 * without a write between them are one statement.
 */
export interface StatementwiseProcedure extends Signature {
  readonly kind: "statementwise";
  readonly run: (call: Call, ...given: never[]) => Statementwise;
}

export interface Parameter {
  readonly name: string;
  /** Undefined: it must be given. */
  readonly fallback: JsonValue | undefined;
  /** Declared as a PHP array: anything else is a fatal error. */
  readonly isArray: boolean;
}

export function atomic(definition: Definition<AtomicProcedure>): AtomicProcedure {
  return { ...definition, kind: "atomic", parameters: parse(definition.parameters) };
}

export function statementwise(definition: Definition<StatementwiseProcedure>): StatementwiseProcedure {
  return { ...definition, kind: "statementwise", parameters: parse(definition.parameters) };
}

/** Parameters as `name`, `name[]` for a PHP array, or `[name, fallback]`. */
type Definition<Kind extends Procedure> = Omit<Kind, "kind" | "parameters"> & {
  readonly parameters: readonly (string | readonly [name: string, fallback: JsonValue])[];
};

function parse(parameters: Definition<Procedure>["parameters"]): Parameter[] {
  return parameters.map((parameter) => {
    const [declared, fallback] = typeof parameter === "string" ? [parameter, undefined] : parameter;
    const isArray = declared.endsWith("[]");
    return { name: isArray ? declared.slice(0, -2) : declared, fallback, isArray };
  });
}
