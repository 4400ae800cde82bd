import type { ProgramContext } from "../../../src/ports/program.ts";
import { parseKeywords } from "./keyword-expression.ts";
import type { ParsedKeywords } from "./keyword-expression.ts";

export interface Invocation {
  /** Paths and node ids. */
  readonly targets: readonly string[];
  /** `-x` and `--maxfail`. */
  readonly failuresMax: number;
  /** The count of `-v` less that of `-q`. */
  readonly verbosity: number;
  readonly keywords: { readonly text: string; readonly parsed: ParsedKeywords };
  readonly collectOnly: boolean;
  readonly junitFile: string | undefined;
  readonly traceback: Traceback;
  readonly header: boolean;
  /** Of `-r`: also the tests that passed are summed up. */
  readonly listsPassed: boolean;
  /** `-s`: without the share of tests that are done. */
  readonly capture: boolean;
}

export type Traceback = "long" | "short" | "line" | "no";

/** An option that is not known here ends the run as not modelled. */
export function parseInvocation(context: ProgramContext): Invocation {
  const targets: string[] = [];
  let failuresMax = Infinity;
  let verbosity = 0;
  let keywords = "";
  let collectOnly = false;
  let junitFile: string | undefined;
  let traceback: Traceback = "long";
  let header = true;
  let listsPassed = false;
  let capture = true;
  const unmodelled = (): never =>
    context.unmodelled({ method: "pytest", args: [...context.args], file: "fakes/cli/pytest/invocation.ts" });
  for (let index = 0; index < context.args.length; index++) {
    const arg = context.args[index]!;
    const value = (option: string): string | undefined => {
      if (arg === option) return context.args[++index] ?? unmodelled();
      const start = option.startsWith("--") ? `${option}=` : option;
      return arg.startsWith(start) && arg.length > start.length ? arg.slice(start.length) : undefined;
    };
    const maxFail = value("--maxfail");
    const junit = maxFail === undefined ? (value("--junitxml") ?? value("--junit-xml")) : undefined;
    const keyword = arg.startsWith("-k") ? value("-k") : undefined;
    const style = arg.startsWith("--tb") ? value("--tb") : undefined;
    if (!arg.startsWith("-")) targets.push(arg);
    else if (maxFail !== undefined) failuresMax = Number(maxFail) || Infinity;
    else if (junit !== undefined) junitFile = junit;
    else if (keyword !== undefined) keywords = keyword;
    else if (style !== undefined) traceback = TRACEBACKS[style] ?? unmodelled();
    else if (arg === "-x" || arg === "--exitfirst") failuresMax = 1;
    else if (/^-q+$/.test(arg)) verbosity -= arg.length - 1;
    else if (/^-v+$/.test(arg)) verbosity += arg.length - 1;
    else if (arg === "--quiet") verbosity -= 1;
    else if (arg === "--verbose") verbosity += 1;
    else if (arg === "--collect-only" || arg === "--co") collectOnly = true;
    else if (arg === "--no-header") header = false;
    else if (arg === "-s" || arg === "--capture=no") capture = false;
    else if (/^-r[a-zA-Z]+$/.test(arg)) listsPassed = /[ApP]/.test(arg.slice(2));
    else if (arg === "-p") index += 1;
    else if (!OPTIONS_WITHOUT_EFFECT.test(arg)) unmodelled();
  }
  return {
    targets,
    failuresMax,
    verbosity,
    keywords: { text: keywords, parsed: parseKeywords(keywords) },
    collectOnly,
    junitFile,
    traceback,
    header,
    listsPassed,
    capture,
  };
}

const TRACEBACKS: Readonly<Record<string, Traceback>> = {
  auto: "long",
  long: "long",
  short: "short",
  line: "line",
  no: "no",
};

const OPTIONS_WITHOUT_EFFECT = /^(--color=no|-p\S+|--capture=\w+)$/;
