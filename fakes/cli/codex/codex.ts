import { posix } from "node:path";
import type { JsonValue } from "../../../src/base/json.ts";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { askScript, makeEdits } from "../agent-script.ts";
import type { AgentRequest, AgentScript } from "../agent-script.ts";
import { failureText, isHostFileFailure } from "../host-file-failure.ts";
import { parseExecArguments } from "./exec-arguments.ts";
import type { ExecArguments } from "./exec-arguments.ts";
import { outcomeOf, reconnecting } from "./exec-outcome.ts";
import type { ExecOutcome } from "./exec-outcome.ts";
import { bannerText, eventLines } from "./output.ts";
import { openSession, saveSession } from "./session.ts";

export interface CodexOptions {
  /** Default true. */
  readonly loggedIn?: boolean;
  /** Where `--model` is absent. */
  readonly defaultModel?: string;
}

/**
 * The Codex command line, after version 0.169: `codex exec`, also `exec resume`, `codex login status`, `codex --version`.
 *
 * As the real one, `exec` reads standard input to its end even when the prompt is an argument: a parent that leaves the
 * pipe open hangs it. Standard output is the last message alone, or with `--json` one event a line; all else goes to
 * standard error, the prompt included. A declined request ends well and without any message. Sessions are kept below
 * HOME, where there is one. Not modelled: reviews, local providers, what is in images, the sandbox's refusals.
 */
export function codex(script: AgentScript, options: CodexOptions = {}): Program {
  return {
    name: "codex",
    signals: { SIGINT: { kind: "exit", exitCode: 1 } },
    *run(context) {
      const [command, ...args] = context.args;
      yield { kind: "work", durationUs: START_US };
      if (command === "--version" || command === "-V") {
        context.stdout(`codex-cli ${VERSION}\n`);
        return 0;
      }
      if (command === "login" && args[0] === "status" && args.length === 1) {
        const loggedIn = options.loggedIn ?? true;
        context.stderr(loggedIn ? "Logged in using an API key - sk-***\n" : "Not logged in\n");
        return loggedIn ? 0 : 1;
      }
      if (command !== "exec") {
        context.unmodelled({ method: "codex", args: [...context.args], file: "fakes/cli/codex/codex.ts" });
      }
      const parsed = parseExecArguments(context, args);
      if (parsed.kind === "usage") {
        context.stderr(`error: ${parsed.message}\n\nUsage: codex exec [OPTIONS] [PROMPT]\n`);
        return 2;
      }
      return yield* execute(context, script, parsed.arguments, options);
    },
  };
}

const VERSION = "0.169.0";
const START_US = 60_000;

function* execute(
  context: ProgramContext,
  script: AgentScript,
  args: ExecArguments,
  options: CodexOptions,
): Generator<ProgramStep, number, string | undefined> {
  const cwd = posix.resolve(context.cwd, args.cwd ?? ".");
  if (!args.skipRepositoryCheck && !isInsideRepository(context, cwd)) {
    context.stderr("Not inside a trusted directory and --skip-git-repo-check was not specified.\n");
    return 1;
  }
  if (options.loggedIn === false) {
    context.stderr("ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header\n");
    return 1;
  }
  context.stderr(
    args.prompt === undefined ? "Reading prompt from stdin...\n" : "Reading additional input from stdin...\n",
  );
  const input = (yield { kind: "input" }) ?? "";
  const prompt = promptOf(args.prompt, input);
  if (prompt.trim() === "") {
    context.stderr("No prompt provided via stdin.\n");
    return 1;
  }
  const session = openSession(context, args.resume);
  if (session === undefined) {
    context.stderr(
      `Error: no rollout found for thread id ${args.resume === "latest" ? "" : (args.resume?.id ?? "")}\n`,
    );
    return 1;
  }
  const { outputSchemaFile } = args;
  const outputSchema = outputSchemaFile === undefined ? undefined : readSchema(context, outputSchemaFile);
  if (outputSchemaFile !== undefined && outputSchema === undefined) {
    context.stderr(`Failed to read output schema file ${outputSchemaFile}\n`);
    return 1;
  }
  const model = args.model ?? options.defaultModel ?? "default";
  const asked = { agent: "codex", prompt, model, cwd, turn: session.turn };
  const { request, answer } = askScript(context, script, {
    ...asked,
    ...(session.id === undefined ? {} : { sessionId: session.id }),
    ...(outputSchema === undefined ? {} : { outputSchema }),
  });
  if (!args.json) context.stderr(bannerText(VERSION, request));
  const { failure } = answer;
  if (failure?.kind === "stalled") yield { kind: "hang" };
  const outcome = outcomeOf(answer);
  if (outcome.reconnects > 0) yield { kind: "work", durationUs: outcome.reconnects * RECONNECT_US };
  try {
    // Also in a turn that fails in the end: half of the work is there.
    yield* makeEdits(context, cwd, answer);
    saveSession(context, request);
    report(context, args, request, outcome);
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
    context.stderr(`ERROR: ${error.path}: ${failureText(error.code)}\n`);
    return 1;
  }
  return outcome.exitCode;
}

const RECONNECT_US = 1_000_000;

/** @returns undefined when the file holds no JSON */
function readSchema(context: ProgramContext, file: string): JsonValue | undefined {
  try {
    return JSON.parse(context.files.readText(posix.resolve(context.cwd, file))) as JsonValue;
  } catch (error) {
    if (isHostFileFailure(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The file of the last message comes first: a kill in front of it leaves neither. */
function report(context: ProgramContext, args: ExecArguments, request: AgentRequest, outcome: ExecOutcome): void {
  const { message } = outcome;
  const file = args.lastMessageFile;
  if (file !== undefined) {
    context.files.write(posix.resolve(context.cwd, file), message);
    if (message === "") context.stderr(`Warning: no last agent message; wrote empty content to ${file}\n`);
  }
  if (args.json) {
    context.stdout(eventLines(request, outcome));
    return;
  }
  for (let time = 1; time <= outcome.reconnects; time++) context.stderr(`ERROR: ${reconnecting(time)}\n`);
  if (outcome.error !== undefined) context.stderr(`ERROR: ${outcome.error}\n`);
  else {
    const { inputTokens, outputTokens } = outcome.usage(request);
    context.stderr(`codex\n${message}\ntokens used\n${inputTokens + outputTokens}\n`);
    if (message !== "") context.stdout(`${message}\n`);
  }
}

function promptOf(argument: string | undefined, input: string): string {
  if (argument === undefined) return input;
  return input.trim() === "" ? argument : `${argument}\n\n<stdin>\n${input}\n</stdin>`;
}

function isInsideRepository(context: ProgramContext, cwd: string): boolean {
  for (let folder = cwd; ; folder = posix.dirname(folder)) {
    if (context.files.stat(posix.join(folder, ".git")) !== null) return true;
    if (folder === "/") return false;
  }
}
