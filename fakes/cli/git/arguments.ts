import { GitFailure } from "./failure.ts";
import type { Session } from "./session.ts";

/** Which options a subcommand models: spelling to the name it goes by. */
export interface OptionSpec {
  readonly flags?: Readonly<Record<string, string>>;
  /** Options that take a value, as `-m text`, `-mtext`, `--message text` or `--message=text`. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface ParsedArguments {
  readonly flags: ReadonlySet<string>;
  /** All values of each option, in order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  /** What stands behind `--`; undefined without one. */
  readonly afterDashes: readonly string[] | undefined;
}

/** An option that is not in `spec` ends the run as not modelled. */
export function parseArguments(session: Session, args: readonly string[], spec: OptionSpec): ParsedArguments {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const queue = [...args];
  const take = (name: string, value: string | undefined, option: string): void => {
    if (value === undefined)
      throw new GitFailure(129, `error: switch \`${option.replace(/^-+/, "")}' requires a value`);
    values.set(name, [...(values.get(name) ?? []), value]);
  };
  while (queue.length > 0) {
    const arg = queue.shift()!;
    if (arg === "--") return { flags, values, operands, afterDashes: queue };
    if (!arg.startsWith("-") || arg === "-") {
      operands.push(arg);
      continue;
    }
    const flag = spec.flags?.[arg];
    if (flag !== undefined) {
      flags.add(flag);
      continue;
    }
    const value = spec.values?.[arg];
    if (value !== undefined) {
      take(value, queue.shift(), arg);
      continue;
    }
    const split = splitArgument(arg, spec);
    if (split === undefined) session.unmodelled(args);
    if (split.kind === "value") take(split.name, split.value, arg);
    else queue.unshift(...split.args);
  }
  return { flags, values, operands, afterDashes: undefined };
}

type SplitArgument =
  | { readonly kind: "value"; readonly name: string; readonly value: string }
  | { readonly kind: "args"; readonly args: readonly string[] };

/** `--name=value`, `-nvalue`, or joined short options as `-qm`. */
function splitArgument(arg: string, spec: OptionSpec): SplitArgument | undefined {
  if (arg.startsWith("--")) {
    const equals = arg.indexOf("=");
    const name = equals === -1 ? undefined : spec.values?.[arg.slice(0, equals)];
    return name === undefined ? undefined : { kind: "value", name, value: arg.slice(equals + 1) };
  }
  const short = arg.slice(0, 2);
  const rest = arg.slice(2);
  if (rest === "") return undefined;
  const name = spec.values?.[short];
  if (name !== undefined) return { kind: "value", name, value: rest };
  return spec.flags?.[short] === undefined ? undefined : { kind: "args", args: [short, `-${rest}`] };
}
