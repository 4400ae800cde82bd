import { posix } from "node:path";
import type { JsonObject } from "../../../src/base/json.ts";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { askScript, makeEdits } from "../agent-script.ts";
import type { AgentAnswer, AgentFailure, AgentRequest, AgentScript } from "../agent-script.ts";
import { readCommandLine } from "../command-line.ts";
import type { OptionShape } from "../command-line.ts";
import { failureText, isHostFileFailure } from "../host-file-failure.ts";
import { eventLine, eventLines } from "./output.ts";

/**
 * The opencode command line, after version 1.18: `opencode run`, `opencode --version`.
 *
 * As the real one, it reads standard input to its end, writes one event a line with `--format json` and the last message
 * without, and goes round for ever when the model ends for a reason that it does not know. Not modelled: sessions that
 * go on, attaching to a server, shares.
 */
export function opencode(script: AgentScript): Program {
  return {
    name: "opencode",
    *run(context) {
      yield { kind: "work", durationUs: START_US };
      const [command, ...args] = context.args;
      if (command === "--version" || command === "-v") {
        context.stdout(`${VERSION}\n`);
        return 0;
      }
      if (command !== "run") refuse(context);
      const line = readCommandLine(args, OPTIONS);
      if (line.kind === "unmodelled") refuse(context);
      if (line.kind !== "ok") {
        const problem = line.kind === "unknown" ? "Unknown argument" : "Not enough arguments following";
        context.stderr(`${USAGE}\n\n${problem}: ${line.option.replace(/^-+/, "")}\n`);
        return 1;
      }
      const format = line.values.get("format") ?? "default";
      if (format !== "default" && format !== "json") {
        context.stderr(
          `${USAGE}\n\nInvalid values:\n  Argument: format, Given: "${format}", Choices: "default", "json"\n`,
        );
        return 1;
      }
      const input = (yield { kind: "input" }) ?? "";
      const prompt = [line.operands.join(" "), input].filter((part) => part.trim() !== "").join("\n");
      if (prompt === "") {
        context.stderr("You must provide a message or a command\n");
        return 1;
      }
      const model = line.values.get("model") ?? "opencode/default";
      if (!model.includes("/")) {
        return yield* fail(context, format, "", {
          name: "ProviderModelNotFoundError",
          data: { providerID: model, modelID: "" },
        });
      }
      const cwd = posix.resolve(context.cwd, line.values.get("dir") ?? ".");
      const { request, answer } = askScript(context, script, { agent: "opencode", prompt, model, cwd });
      return yield* answerPrompt(context, format, request, answer);
    },
  };
}

function refuse(context: ProgramContext): never {
  return context.unmodelled({ method: "opencode", args: [...context.args], file: "fakes/cli/opencode/opencode.ts" });
}

const VERSION = "1.18.33";
const START_US = 1_500_000;
const USAGE = "opencode run [message..]";

const OPTIONS: Readonly<Record<string, OptionShape>> = {
  "--format": { name: "format", takes: "value" },
  "-m": { name: "model", takes: "value" },
  "--model": { name: "model", takes: "value" },
  "--agent": { name: "agent", takes: "value" },
  "--dir": { name: "dir", takes: "value" },
  "--auto": { name: "auto", takes: "nothing" },
  "--title": { name: "title", takes: "value" },
  "--thinking": { name: "thinking", takes: "nothing" },
  "--print-logs": { name: "print-logs", takes: "nothing" },
  "--log-level": { name: "log-level", takes: "value" },
  "-s": { name: "session", takes: "value", unmodelled: true },
  "--session": { name: "session", takes: "value", unmodelled: true },
  "-c": { name: "continue", takes: "nothing", unmodelled: true },
  "--continue": { name: "continue", takes: "nothing", unmodelled: true },
  "--attach": { name: "attach", takes: "value", unmodelled: true },
  "--share": { name: "share", takes: "nothing", unmodelled: true },
  "-f": { name: "file", takes: "value", unmodelled: true },
  "--file": { name: "file", takes: "value", unmodelled: true },
  "--command": { name: "command", takes: "value", unmodelled: true },
};

function* answerPrompt(
  context: ProgramContext,
  format: "default" | "json",
  request: AgentRequest,
  answer: AgentAnswer,
): Generator<ProgramStep, number, string | undefined> {
  const { failure } = answer;
  if (failure?.kind === "stalled") yield { kind: "hang" };
  if (failure?.kind === "unknown-finish") {
    for (;;) {
      if (format === "json") context.stdout(roundLines(request, context.nowMs()));
      yield { kind: "work", durationUs: UNKNOWN_ROUND_US };
    }
  }
  if (failure?.kind === "reconnects") yield { kind: "work", durationUs: failure.times * 2_000_000 };
  try {
    yield* makeEdits(context, request.cwd, answer);
  } catch (error) {
    if (!isHostFileFailure(error)) throw error;
    const message = `${error.path}: ${failureText(error.code)}`;
    return yield* fail(context, format, request.sessionId, { name: "UnknownError", data: { message } });
  }
  const problem = failure === undefined ? undefined : problemOf(failure);
  if (problem !== undefined) return yield* fail(context, format, request.sessionId, problem);
  if (answer.exitCode !== undefined && answer.exitCode !== 0) {
    const message = answer.error ?? "unknown error";
    yield* fail(context, format, request.sessionId, { name: "UnknownError", data: { message } });
    return answer.exitCode;
  }
  const shown = failure?.kind === "refusal" ? { ...answer, message: "" } : answer;
  if (format === "json") context.stdout(eventLines(request, shown, context.nowMs()));
  else if (shown.message !== "") context.stdout(`${shown.message}\n`);
  return 0;
}

/** The real one was seen to go round about five times a second. */
const UNKNOWN_ROUND_US = 200_000;

function roundLines(request: AgentRequest, nowMs: number): string {
  const line = (type: string, part: JsonObject): string => eventLine(type, nowMs, request.sessionId, { part });
  const tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 }, total: 0 };
  return (
    line("step_start", { type: "step-start" }) +
    line("step_finish", { type: "step-finish", reason: "unknown", tokens, cost: 0 })
  );
}

type Problem = JsonObject & { readonly name: string; readonly data: JsonObject };

/** undefined for what does not end the tool with a failure. */
function problemOf(failure: AgentFailure): Problem | undefined {
  switch (failure.kind) {
    case "api-error": {
      const { status, message = `status ${status}` } = failure;
      const isRetryable = status === 408 || status === 429 || status >= 500;
      return { name: "APIError", data: { message, statusCode: status, isRetryable } };
    }
    case "not-logged-in":
      return { name: "ProviderAuthError", data: { message: "no credentials" } };
    case "context-overflow":
      return { name: "ContextOverflowError", data: { message: "the prompt is too long" } };
    case "content-filter":
      return { name: "ContentFilterError", data: { message: "the answer was filtered" } };
    case "max-turns":
      return { name: "MessageOutputLengthError", data: {} };
    default:
      return undefined;
  }
}

function* fail(
  context: ProgramContext,
  format: "default" | "json",
  sessionId: string,
  error: Problem,
): Generator<ProgramStep, number, string | undefined> {
  yield { kind: "work", durationUs: 1_000 };
  if (format === "json") context.stdout(eventLine("error", context.nowMs(), sessionId, { error }));
  else context.stderr(`Error: ${typeof error.data["message"] === "string" ? error.data["message"] : error.name}\n`);
  return 1;
}
