import type { ProgramContext } from "../../../src/ports/program.ts";

export interface ClaudeArguments {
  readonly print: boolean;
  readonly version: boolean;
  readonly prompt: string | undefined;
  readonly outputFormat: "text" | "json" | "stream-json";
  readonly inputFormat: "text" | "stream-json";
  readonly verbose: boolean;
  readonly partialMessages: boolean;
  readonly replayUserMessages: boolean;
  readonly model: string | undefined;
  readonly permissionMode: string;
  /** Asked on standard output and answered on standard input. */
  readonly asksHost: boolean;
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
  /** The built-in tools that there are; undefined: all. */
  readonly tools: readonly string[] | undefined;
  readonly addedFolders: readonly string[];
  /** undefined: as many as it takes. */
  readonly maxTurns: number | undefined;
  readonly maxBudgetUsd: number | undefined;
  /** As given. */
  readonly jsonSchema: string | undefined;
  readonly mcpConfigs: readonly string[];
  readonly sessionId: string | undefined;
  /** Empty when it is named without a session. */
  readonly resume: string | undefined;
  readonly continueLast: boolean;
  readonly fork: boolean;
  readonly keepSession: boolean;
}

export type ParsedArguments =
  | { readonly kind: "ok"; readonly arguments: ClaudeArguments }
  /** What goes to standard error, in one line. */
  | { readonly kind: "usage"; readonly message: string };

/** Options are taken as `--name value` and as `--name=value`; a list of values ends at the next option. */
export function parseArguments(context: ProgramContext): ParsedArguments {
  const given = readOptions(context);
  if (given.kind === "usage") return given;
  const { flags, values, operands } = given;
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  const skipsPermissions = flags.has("--dangerously-skip-permissions");
  const prompt = operands[0];
  return {
    kind: "ok",
    arguments: {
      print: flags.has("--print"),
      version: flags.has("--version"),
      prompt,
      outputFormat: (last("--output-format") ?? "text") as ClaudeArguments["outputFormat"],
      inputFormat: (last("--input-format") ?? "text") as ClaudeArguments["inputFormat"],
      verbose: flags.has("--verbose"),
      partialMessages: flags.has("--include-partial-messages"),
      replayUserMessages: flags.has("--replay-user-messages"),
      model: last("--model"),
      permissionMode: skipsPermissions ? "bypassPermissions" : permissionModeOf(last("--permission-mode")),
      asksHost: last("--permission-prompt-tool") === "stdio" && last("--permission-prompts") !== "none",
      allowedTools: (values.get("--allowedTools") ?? []).flatMap(splitToolNames),
      disallowedTools: (values.get("--disallowedTools") ?? []).flatMap(splitToolNames),
      tools: toolSetOf(values.get("--tools")),
      addedFolders: values.get("--add-dir") ?? [],
      // Zero is no limit.
      maxTurns: numberOf(last("--max-turns")) || undefined,
      maxBudgetUsd: numberOf(last("--max-budget-usd")),
      jsonSchema: last("--json-schema"),
      mcpConfigs: values.get("--mcp-config") ?? [],
      sessionId: last("--session-id"),
      resume: last("--resume"),
      continueLast: flags.has("--continue"),
      fork: flags.has("--fork-session"),
      keepSession: !flags.has("--no-session-persistence"),
    },
  };
}

/** `Bash(git log:*), Edit` and `Bash(git log:*) Edit` name two tools each: what stands in parentheses belongs together. */
function splitToolNames(text: string): readonly string[] {
  return text.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [];
}

interface GivenOptions {
  readonly kind: "given";
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

type Usage = Extract<ParsedArguments, { kind: "usage" }>;

function readOptions(context: ProgramContext): GivenOptions | Usage {
  const { args } = context;
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      operands.push(arg);
      continue;
    }
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const written = equals === -1 ? arg : arg.slice(0, equals);
    const name = SPELLINGS[written] ?? written;
    const attached = equals === -1 ? undefined : arg.slice(equals + 1);
    const option = OPTIONS.get(name);
    if (option === undefined) {
      if (UNMODELLED.has(name)) unmodelled(context, name);
      return usage(`error: unknown option '${attached === undefined ? arg : written}'`);
    }
    if (option.takes === "nothing") {
      flags.add(name);
      continue;
    }
    const taken = attached === undefined ? valuesAfter(args, index, option) : [attached];
    if (attached === undefined) index += taken.length;
    if (taken.length === 0 && option.takes !== "optional")
      return usage(`error: option '${option.text}' argument missing`);
    for (const value of taken) {
      const refusal = option.refuse?.(value);
      if (refusal !== undefined) {
        return usage(`error: option '${option.text}' argument '${value}' is invalid. ${refusal}`);
      }
    }
    values.set(name, [...(values.get(name) ?? []), ...(taken.length === 0 ? [""] : taken)]);
  }
  return { kind: "given", flags, values, operands };
}

function unmodelled(context: ProgramContext, option: string): never {
  return context.unmodelled({
    method: `claude ${option}`,
    args: [...context.args],
    file: "fakes/cli/claude/arguments.ts",
  });
}

function usage(message: string): Usage {
  return { kind: "usage", message };
}

/** An option that must have one value takes whatever comes next; others take nothing that looks like an option. */
function valuesAfter(args: readonly string[], index: number, { takes }: Option): readonly string[] {
  if (takes === "value") return args.slice(index + 1, index + 2);
  const rest = args.slice(index + 1);
  const end = rest.findIndex((arg) => !isValue(arg));
  const values = end === -1 ? rest : rest.slice(0, end);
  return takes === "optional" ? values.slice(0, 1) : values;
}

function isValue(arg: string): boolean {
  return !arg.startsWith("-") || arg === "-";
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function toolSetOf(given: readonly string[] | undefined): readonly string[] | undefined {
  const names = given?.flatMap(splitToolNames);
  return names?.includes("default") ? undefined : names;
}

/** On the way out it has an older name. */
function permissionModeOf(given: string | undefined): string {
  return given === undefined || given === "manual" ? "default" : given;
}

interface Option {
  /** As messages name it. */
  readonly text: string;
  readonly takes: "nothing" | "value" | "values" | "optional";
  /** @returns why the value is not one, in the words of the real one */
  readonly refuse?: (value: string) => string | undefined;
}

function oneOf(...choices: readonly string[]): (value: string) => string | undefined {
  return (value) => (choices.includes(value) ? undefined : `Allowed choices are ${choices.join(", ")}.`);
}

function number(value: string): string | undefined {
  return value.trim() === "" || Number.isNaN(Number(value)) ? "must be a number" : undefined;
}

function amount(value: string): string | undefined {
  return Number(value) > 0 ? undefined : "--max-budget-usd must be a number greater than 0";
}

const SPELLINGS: Readonly<Record<string, string>> = {
  "-p": "--print",
  "-v": "--version",
  "-c": "--continue",
  "-r": "--resume",
  "-n": "--name",
  "-d": "--debug",
  "-w": "--worktree",
  "-h": "--help",
  "--allowed-tools": "--allowedTools",
  "--disallowed-tools": "--disallowedTools",
};

const PERMISSION_MODES: readonly string[] = ["acceptEdits", "auto", "bypassPermissions", "manual", "dontAsk", "plan"];

/** Those whose value is not looked at by `parseArguments` change nothing that a caller sees: prompts, settings, logs. */
const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  ["--print", { text: "-p, --print", takes: "nothing" }],
  ["--version", { text: "-v, --version", takes: "nothing" }],
  [
    "--output-format",
    { text: "--output-format <format>", takes: "value", refuse: oneOf("text", "json", "stream-json") },
  ],
  ["--input-format", { text: "--input-format <format>", takes: "value", refuse: oneOf("text", "stream-json") }],
  ["--verbose", { text: "--verbose", takes: "nothing" }],
  ["--include-partial-messages", { text: "--include-partial-messages", takes: "nothing" }],
  ["--replay-user-messages", { text: "--replay-user-messages", takes: "nothing" }],
  ["--model", { text: "--model <model>", takes: "value" }],
  ["--fallback-model", { text: "--fallback-model <model>", takes: "value" }],
  ["--max-turns", { text: "--max-turns <turns>", takes: "value", refuse: number }],
  ["--max-budget-usd", { text: "--max-budget-usd <amount>", takes: "value", refuse: amount }],
  ["--allowedTools", { text: "--allowedTools, --allowed-tools <tools...>", takes: "values" }],
  ["--disallowedTools", { text: "--disallowedTools, --disallowed-tools <tools...>", takes: "values" }],
  ["--tools", { text: "--tools <tools...>", takes: "values" }],
  [
    "--permission-mode",
    { text: "--permission-mode <mode>", takes: "value", refuse: oneOf(...PERMISSION_MODES, "default") },
  ],
  ["--permission-prompt-tool", { text: "--permission-prompt-tool <tool>", takes: "value" }],
  ["--permission-prompts", { text: "--permission-prompts <target>", takes: "value", refuse: oneOf("host", "none") }],
  ["--dangerously-skip-permissions", { text: "--dangerously-skip-permissions", takes: "nothing" }],
  ["--allow-dangerously-skip-permissions", { text: "--allow-dangerously-skip-permissions", takes: "nothing" }],
  ["--add-dir", { text: "--add-dir <directories...>", takes: "values" }],
  ["--json-schema", { text: "--json-schema <schema>", takes: "value" }],
  ["--mcp-config", { text: "--mcp-config <configs...>", takes: "values" }],
  ["--strict-mcp-config", { text: "--strict-mcp-config", takes: "nothing" }],
  ["--session-id", { text: "--session-id <uuid>", takes: "value" }],
  ["--resume", { text: "-r, --resume [value]", takes: "optional" }],
  ["--continue", { text: "-c, --continue", takes: "nothing" }],
  ["--fork-session", { text: "--fork-session", takes: "nothing" }],
  ["--no-session-persistence", { text: "--no-session-persistence", takes: "nothing" }],
  ["--setting-sources", { text: "--setting-sources <sources>", takes: "value" }],
  ["--settings", { text: "--settings <file-or-json>", takes: "value" }],
  ["--system-prompt", { text: "--system-prompt <prompt>", takes: "value" }],
  ["--append-system-prompt", { text: "--append-system-prompt <prompt>", takes: "value" }],
  ["--effort", { text: "--effort <level>", takes: "value", refuse: oneOf("low", "medium", "high", "xhigh", "max") }],
  ["--thinking", { text: "--thinking <mode>", takes: "value" }],
  ["--thinking-display", { text: "--thinking-display <display>", takes: "value" }],
  ["--max-thinking-tokens", { text: "--max-thinking-tokens <tokens>", takes: "value", refuse: number }],
  ["--betas", { text: "--betas <betas...>", takes: "values" }],
  ["--name", { text: "-n, --name <name>", takes: "value" }],
  ["--bare", { text: "--bare", takes: "nothing" }],
  ["--disable-slash-commands", { text: "--disable-slash-commands", takes: "nothing" }],
  ["--exclude-dynamic-system-prompt-sections", { text: "--exclude-dynamic-system-prompt-sections", takes: "nothing" }],
]);

/** Options of the real one that change more than this fake knows. */
const UNMODELLED: ReadonlySet<string> = new Set([
  "--agent",
  "--agents",
  "--autocompact",
  "--ax-screen-reader",
  "--background",
  "--bg",
  "--brief",
  "--chrome",
  "--cloud",
  "--debug",
  "--debug-file",
  "--debug-to-stderr",
  "--desktop",
  "--environment",
  "--file",
  "--forward-subagent-text",
  "--from-pr",
  "--help",
  "--ide",
  "--include-hook-events",
  "--managed-settings",
  "--no-chrome",
  "--plugin-dir",
  "--plugin-url",
  "--prompt-suggestions",
  "--remote-control",
  "--remote-control-session-name-prefix",
  "--restricted",
  "--resume-drops-turn",
  "--resume-session-at",
  "--safe-mode",
  "--sdk-url",
  "--session-mirror",
  "--system-prompt-snapshot",
  "--task-budget",
  "--teleport",
  "--tmux",
  "--worktree",
]);
