import { memberOf } from "../../src/base/json.ts";

/** What an option is to a program: a value follows it, or none, or it is not modelled. */
export interface OptionShape {
  /** Spellings of one option share a name. */
  readonly name: string;
  readonly takes: "value" | "nothing";
  /** The program has it, and the fake does not do what it does. */
  readonly unmodelled?: true;
}

export type CommandLine =
  | {
      readonly kind: "ok";
      /** The last one of each name. */
      readonly values: ReadonlyMap<string, string>;
      readonly flags: ReadonlySet<string>;
      readonly operands: readonly string[];
    }
  | { readonly kind: "unknown"; readonly option: string }
  | { readonly kind: "value-missing"; readonly option: string }
  | { readonly kind: "unmodelled"; readonly option: string };

/** Reads `--name value`, `--name=value`, `-n value` and operands; all that follows `--` is an operand. */
export function readCommandLine(args: readonly string[], shapes: Readonly<Record<string, OptionShape>>): CommandLine {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (arg === "-" || !arg.startsWith("-")) {
      operands.push(arg);
      continue;
    }
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const option = equals === -1 ? arg : arg.slice(0, equals);
    const shape = memberOf(shapes, option);
    if (shape === undefined) return { kind: "unknown", option };
    if (shape.unmodelled === true) return { kind: "unmodelled", option };
    if (shape.takes === "nothing") {
      flags.add(shape.name);
      continue;
    }
    const value = equals === -1 ? args[++index] : arg.slice(equals + 1);
    if (value === undefined) return { kind: "value-missing", option };
    values.set(shape.name, value);
  }
  return { kind: "ok", values, flags, operands };
}
