import type { ProgramContext } from "../../../src/ports/program.ts";

export type ReporterName = "default" | "verbose" | "json" | "junit";

export interface Invocation {
  /** A file runs when its path holds any of them, in any case. */
  readonly filters: readonly string[];
  readonly reporters: readonly ReporterName[];
  /** By reporter, or for all of them. */
  readonly outputFiles: { readonly all: string | undefined; readonly byReporter: ReadonlyMap<string, string> };
  /** `-t`: over the titles from the outermost suite to the test, joined by ` > `. */
  readonly namePattern: string | undefined;
  /** `--bail`: so many failures end the run; 0 for none. */
  readonly bail: number;
  readonly passWithNoTests: boolean;
}

/** An option that is not known here ends the run as not modelled. */
export function parseInvocation(context: ProgramContext): Invocation {
  const filters: string[] = [];
  const reporters: ReporterName[] = [];
  const byReporter = new Map<string, string>();
  let outputFile: string | undefined;
  let namePattern: string | undefined;
  let bail = 0;
  let passWithNoTests = false;
  const unmodelled = (): never =>
    context.unmodelled({ method: "vitest", args: [...context.args], file: "fakes/cli/vitest/invocation.ts" });
  const queue = [...context.args];
  if (queue[0] === "run") queue.shift();
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (!arg.startsWith("-")) {
      filters.push(arg);
      continue;
    }
    const equals = arg.indexOf("=");
    const option = equals === -1 ? arg : arg.slice(0, equals);
    const value = (): string => (equals === -1 ? (queue.shift() ?? unmodelled()) : arg.slice(equals + 1));
    const fileOf = /^--outputFile\.(\w+)$/.exec(option)?.[1];
    if (option === "--reporter") reporters.push(reporterNamed(value()) ?? unmodelled());
    else if (option === "--outputFile") outputFile = value();
    else if (fileOf !== undefined) byReporter.set(fileOf, value());
    else if (option === "-t" || option === "--testNamePattern") namePattern = value();
    else if (option === "--bail") bail = Number(value());
    else if (option === "--passWithNoTests") passWithNoTests = true;
    else if (!OPTIONS_WITHOUT_EFFECT.test(arg)) unmodelled();
  }
  return {
    filters,
    reporters: reporters.length === 0 ? ["default"] : reporters,
    outputFiles: { all: outputFile, byReporter },
    namePattern,
    bail,
    passWithNoTests,
  };
}

function reporterNamed(name: string): ReporterName | undefined {
  return name === "default" || name === "verbose" || name === "json" || name === "junit" ? name : undefined;
}

const OPTIONS_WITHOUT_EFFECT =
  /^(--run|--no-color|--no-watch|--watch=false|--no-file-parallelism|--fileParallelism=false|--globals|--coverage=false|--no-coverage|--pool=\w+|--maxWorkers=\S+|--silent)$/;
