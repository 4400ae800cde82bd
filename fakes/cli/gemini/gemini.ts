import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { askScript, makeEdits } from "../agent-script.ts";
import type { AgentAnswer, AgentFailure, AgentRequest, AgentScript } from "../agent-script.ts";
import { readCommandLine } from "../command-line.ts";
import type { OptionShape } from "../command-line.ts";
import { failureText, isHostFileFailure } from "../host-file-failure.ts";
import { resultObject, streamLines } from "./output.ts";

/**
 * The Gemini command line, after version 0.61: `gemini -p`, `gemini --version`.
 *
 * As the real one, it wants a folder that is trusted, appends the prompt to what comes on standard input, says much on
 * standard error in a run that goes well, and nothing on standard output in one that fails: there the exit code is the
 * provider's status modulo 256. It is deaf to SIGTERM and SIGINT. Not modelled: sessions that go on, extensions, tools
 * of its own, and the child that the real one restarts itself as.
 */
export function gemini(script: AgentScript): Program {
  return {
    name: "gemini",
    signals: { SIGTERM: { kind: "ignore" }, SIGINT: { kind: "ignore" } },
    *run(context) {
      yield { kind: "work", durationUs: START_US };
      const line = readCommandLine(context.args, OPTIONS);
      if (line.kind === "unmodelled") {
        context.unmodelled({ method: "gemini", args: [...context.args], file: "fakes/cli/gemini/gemini.ts" });
      }
      if (line.kind !== "ok") {
        const problem = line.kind === "unknown" ? "Unknown argument" : "Not enough arguments following";
        context.stderr(`${USAGE}\n\n${problem}: ${line.option.replace(/^-+/, "")}\n`);
        return 1;
      }
      if (line.flags.has("version")) {
        context.stdout(`${VERSION}\n`);
        return 0;
      }
      const format = line.values.get("output-format") ?? "text";
      if (!isFormat(format)) {
        context.stderr(`${USAGE}\n\nInvalid values:\n  Argument: output-format, Given: "${format}"\n`);
        return 1;
      }
      const isTrusted = line.flags.has("skip-trust") || context.env["GEMINI_CLI_TRUST_WORKSPACE"] === "true";
      if (!isTrusted) {
        context.stderr("Gemini CLI is not running in a trusted directory.\n");
        return 55;
      }
      const input = (yield { kind: "input" }) ?? "";
      const prompt = joinPrompt(input, line.values.get("prompt") ?? line.operands.join(" "));
      if (prompt === "") {
        context.stderr(
          "No input provided via stdin. Input can be provided by piping data or using the --prompt option.\n",
        );
        return 42;
      }
      const model = line.values.get("model") ?? "gemini-3-pro";
      const sessionId = line.values.get("session-id");
      const { request, answer } = askScript(context, script, {
        agent: "gemini",
        prompt,
        model,
        cwd: context.cwd,
        ...(sessionId === undefined ? {} : { sessionId }),
      });
      return yield* answerPrompt(context, format, request, answer);
    },
  };
}

type Format = "text" | "json" | "stream-json";

function isFormat(text: string): text is Format {
  return text === "text" || text === "json" || text === "stream-json";
}

const VERSION = "0.61.0";
const START_US = 900_000;
const USAGE = "Usage: gemini [options] [command]";

const OPTIONS: Readonly<Record<string, OptionShape>> = {
  "-p": { name: "prompt", takes: "value" },
  "--prompt": { name: "prompt", takes: "value" },
  "-o": { name: "output-format", takes: "value" },
  "--output-format": { name: "output-format", takes: "value" },
  "-m": { name: "model", takes: "value" },
  "--model": { name: "model", takes: "value" },
  "-y": { name: "yolo", takes: "nothing" },
  "--yolo": { name: "yolo", takes: "nothing" },
  "--approval-mode": { name: "approval-mode", takes: "value" },
  "--session-id": { name: "session-id", takes: "value" },
  "--skip-trust": { name: "skip-trust", takes: "nothing" },
  "--include-directories": { name: "include-directories", takes: "value" },
  "-v": { name: "version", takes: "nothing" },
  "--version": { name: "version", takes: "nothing" },
  "-d": { name: "debug", takes: "nothing" },
  "--debug": { name: "debug", takes: "nothing" },
  "-r": { name: "resume", takes: "value", unmodelled: true },
  "--resume": { name: "resume", takes: "value", unmodelled: true },
  "-i": { name: "prompt-interactive", takes: "value", unmodelled: true },
  "--prompt-interactive": { name: "prompt-interactive", takes: "value", unmodelled: true },
  "-s": { name: "sandbox", takes: "nothing", unmodelled: true },
  "--sandbox": { name: "sandbox", takes: "nothing", unmodelled: true },
  "-e": { name: "extensions", takes: "value", unmodelled: true },
  "--extensions": { name: "extensions", takes: "value", unmodelled: true },
  "--list-sessions": { name: "list-sessions", takes: "nothing", unmodelled: true },
};

function joinPrompt(input: string, prompt: string): string {
  if (input.trim() === "") return prompt;
  return prompt === "" ? input : `${input}\n\n${prompt}`;
}

function* answerPrompt(
  context: ProgramContext,
  format: Format,
  request: AgentRequest,
  answer: AgentAnswer,
): Generator<ProgramStep, number, string | undefined> {
  context.stderr("YOLO mode is enabled. All tool calls will be automatically approved.\nLoaded cached credentials.\n");
  const { failure } = answer;
  if (failure?.kind === "stalled") yield { kind: "hang" };
  if (failure?.kind === "reconnects") {
    for (let attempt = 1; attempt <= failure.times; attempt++) {
      context.stderr(`Attempt ${attempt} failed. Retrying with backoff...\n`);
      yield { kind: "work", durationUs: 5_000_000 };
    }
  }
  try {
    yield* makeEdits(context, request.cwd, answer);
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
    return fail(context, request, { code: 54, message: `${error.path}: ${failureText(error.code)}` });
  }
  const problem = failure === undefined ? undefined : problemOf(failure);
  if (problem !== undefined) return fail(context, request, problem);
  if (answer.exitCode !== undefined && answer.exitCode !== 0) {
    return fail(context, request, { code: answer.exitCode, message: answer.error ?? "An unexpected error occurred." });
  }
  // What was filtered ends well, and with nothing.
  const shown = failure?.kind === "content-filter" || failure?.kind === "refusal" ? { ...answer, message: "" } : answer;
  if (format === "text") context.stdout(`${shown.message}\n`);
  else if (format === "json") context.stdout(`${JSON.stringify(resultObject(request, shown), null, 2)}\n`);
  else context.stdout(streamLines(request, shown, context.nowMs()));
  return 0;
}

interface Problem {
  /** The provider's status, or an exit code of the tool's own. */
  readonly code: number;
  readonly message: string;
}

/** undefined for what does not end the tool with a failure. */
function problemOf(failure: AgentFailure): Problem | undefined {
  switch (failure.kind) {
    case "api-error":
      return { code: failure.status, message: failure.message ?? `got status: ${failure.status}` };
    case "not-logged-in":
      return { code: 41, message: "Please set an Auth method in your settings.json or specify GEMINI_API_KEY." };
    case "max-turns":
      return { code: 53, message: "Reached max session turns for this session." };
    case "context-overflow":
      return { code: 400, message: "The input token count exceeds the maximum number of tokens allowed." };
    case "unknown-finish":
      return { code: 1, message: "Model stream ended with an unknown finish reason." };
    default:
      return undefined;
  }
}

/** Standard output stays empty. */
function fail(context: ProgramContext, request: AgentRequest, { code, message }: Problem): number {
  const error = { session_id: request.sessionId, error: { type: "Error", message, code } };
  context.stderr(
    `Error when talking to Gemini API\n    at Client.send (gemini.js:1:1)\n${JSON.stringify(error, null, 2)}\n`,
  );
  // The system keeps the lowest byte, and a failure is never 0.
  return code % 256 === 0 ? 1 : code % 256;
}
