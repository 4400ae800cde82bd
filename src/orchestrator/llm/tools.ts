import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import { errorOf, errorOfWords, isCut } from "./error-of.ts";
import { answered, trouble, type ModelFinish, type ModelResult } from "./model-port.ts";
import type { ToolOutcome } from "./run-tool.ts";
import { addUsages, cachedTokens, usageOf } from "./usage.ts";

/** A coding agent's command line, asked one question: the prompt comes on standard input. */
export interface Tool {
  /** @param messageFile absolute; where the tool can be told to write its last message */
  args(model: string, messageFile: string): readonly string[];
  /** What it must be told by its environment to work at all. */
  readonly env?: Readonly<Record<string, string>>;
  readonly writesMessageFile: boolean;
  /**
   * An exit code alone is no answer: some end well and say nothing, or tell of a failure in their result.
   *
   * @param message what stands in the message file; undefined when there is none
   */
  read(outcome: ToolOutcome, message: string | undefined): ModelResult;
}

const codex: Tool = {
  args: (model, messageFile) => [
    "exec",
    "--model",
    model,
    "--skip-git-repo-check",
    "--output-last-message",
    messageFile,
    "-",
  ],
  writesMessageFile: true,
  read(outcome, message) {
    if (!isWell(outcome)) {
      if (isCut(lastLine(outcome.stderr))) return cutOff;
      return failureOf("codex", outcome, outcome.stderr);
    }
    // It ended well and wrote no message: a refusal looks like this. An empty answer is judged like any other.
    return answered({ content: message ?? "", finish: "stop" });
  },
};

export const claude: Tool = {
  args: (model) => ["-p", "--output-format", "json", "--model", model],
  writesMessageFile: false,
  read(outcome) {
    const result = resultIn(outcome.stdout);
    if (result?.["type"] !== "result") return failureOf("claude", outcome, outcome.stderr);
    const text = textOf(result["result"]) || firstTextOf(result["errors"]);
    // An API's failure is a success with a flag: the flag counts, not the subtype.
    if (result["is_error"] === true || result["subtype"] !== "success") return claudeFailure(result, text);
    if (!isWell(outcome)) return failureOf("claude", outcome, outcome.stderr);
    const usage = usageOf(result["usage"], { input: ["input_tokens", ...cachedTokens], output: ["output_tokens"] });
    const costUsd = result["total_cost_usd"];
    const isRefusal = result["stop_reason"] === "refusal";
    return answered({
      content: isRefusal ? "" : text,
      finish: isRefusal ? "filtered" : finishOf(result["stop_reason"]),
      refusal: isRefusal ? text : undefined,
      usage: usage && typeof costUsd === "number" ? { ...usage, costUsd } : usage,
      requestId: textOrNone(result["session_id"]),
    });
  },
};

function claudeFailure(result: JsonObject, text: string): ModelResult {
  const status = result["api_error_status"];
  const words = `claude: ${text === "" ? textOf(result["subtype"]) : text}`;
  if (isCut(text)) return cutOff;
  if (result["terminal_reason"] === "prompt_too_long") return trouble("overflow", words);
  if (result["stop_reason"] === "refusal") return answered({ content: "", finish: "filtered", refusal: text });
  if (textOf(result["subtype"]).startsWith("error_max_")) return trouble("refused", words);
  return trouble(typeof status === "number" ? errorOf(status, text) : errorOfWords(text), words);
}

export const gemini: Tool = {
  args: (model) => ["-o", "json", "-m", model, "--skip-trust"],
  writesMessageFile: false,
  read(outcome) {
    if (!isWell(outcome)) return geminiFailure(outcome);
    const result = resultIn(outcome.stdout);
    if (result === undefined || typeof result["response"] !== "string") {
      return trouble("transient", "gemini ended without a result");
    }
    const { models } = isJsonObject(result["stats"]) ? result["stats"] : {};
    // Beside the one that answers, another may have been asked which one should.
    const tokens = Object.values(isJsonObject(models) ? models : {}).map((model) =>
      isJsonObject(model) ? model["tokens"] : undefined,
    );
    return answered({
      content: result["response"],
      finish: "stop",
      usage: addUsages(tokens.map((each) => usageOf(each, { input: ["prompt"], output: ["candidates", "thoughts"] }))),
      requestId: textOrNone(result["session_id"]),
    });
  },
};

/** It tells of failures on standard error, behind its log, and exits with the provider's status modulo 256. */
function geminiFailure(outcome: ToolOutcome): ModelResult {
  const { end, stderr } = outcome;
  const error = resultIn(stderr)?.["error"];
  if (end.kind === "code" && end.code === 41) return trouble("auth", `gemini: ${lastLine(stderr)}`);
  if (!isJsonObject(error)) return failureOf("gemini", outcome, stderr);
  const words = textOf(error["message"]);
  const code = error["code"];
  return trouble(
    typeof code === "number" && code >= 400 ? errorOf(code, words) : errorOfWords(words),
    `gemini: ${words}`,
  );
}

export const opencode: Tool = {
  args: (model) => ["run", "--format", "json", "-m", model],
  writesMessageFile: false,
  read(outcome) {
    const events = outcome.stdout
      .split("\n")
      .map(objectIn)
      .filter((event) => event !== undefined);
    const failed = events.find(({ type }) => type === "error")?.["error"];
    if (isJsonObject(failed)) return opencodeFailure(failed);
    if (!isWell(outcome)) return failureOf("opencode", outcome, outcome.stderr);
    const lastStep = events.findLastIndex(({ type }) => type === "step_start");
    const ofLastStep = events.slice(lastStep + 1);
    const finish = partOf(ofLastStep.find(({ type }) => type === "step_finish"));
    if (lastStep === -1 || finish === undefined) return trouble("transient", "opencode ended before its last step did");
    const content = ofLastStep
      .filter(({ type }) => type === "text")
      .map((event) => textOf(partOf(event)?.["text"]))
      .join("");
    const usages = events
      .filter(({ type }) => type === "step_finish")
      .map((event) => {
        const { tokens, cost } = partOf(event) ?? {};
        const usage = usageOf(tokens, { input: ["input"], output: ["output", "reasoning"] });
        // It knows no price of a model that it does not know.
        return usage && typeof cost === "number" && cost > 0 ? { ...usage, costUsd: cost } : usage;
      });
    return answered({
      content,
      finish: finishOf(finish["reason"]),
      usage: addUsages(usages),
      requestId: textOrNone(events[0]?.["sessionID"]),
    });
  },
};

function opencodeFailure(error: JsonObject): ModelResult {
  const data = isJsonObject(error["data"]) ? error["data"] : {};
  const name = textOf(error["name"]);
  const words = textOf(data["message"]);
  const reason = `opencode: ${name}${words === "" ? "" : `: ${words}`}`;
  if (/OutputLength/.test(name) || isCut(words)) return cutOff;
  if (/ContextOverflow/.test(name)) return trouble("overflow", reason);
  if (/ContentFilter/.test(name)) return trouble("filtered", reason);
  if (/Auth/.test(name)) return trouble("auth", reason);
  if (/NotFound/.test(name)) return trouble("refused", reason);
  const status = data["statusCode"];
  return trouble(typeof status === "number" ? errorOf(status, words) : errorOfWords(words), reason);
}

export const tools: Readonly<Record<"claude" | "codex" | "gemini" | "opencode", Tool>> = {
  claude,
  codex,
  gemini,
  opencode,
};

/** Nobody says what was there of the answer. */
const cutOff = answered({ content: "", finish: "length" });

function isWell({ end }: ToolOutcome): boolean {
  return end.kind === "code" && end.code === 0;
}

function failureOf(name: string, { end }: ToolOutcome, stderr: string): ModelResult {
  const ended =
    end.kind === "code"
      ? `exit code ${end.code}`
      : end.kind === "signal"
        ? `ended by ${end.signal}`
        : end.kind === "timedOut"
          ? "stopped at its time limit"
          : "stopped with the run";
  const words = lastLine(stderr);
  const error = end.kind === "code" && end.code !== 0 ? errorOfWords(words) : "transient";
  return trouble(error, `${name}: ${ended}${words === "" ? "" : `: ${words}`}`);
}

function lastLine(text: string): string {
  return (text.trimEnd().split("\n").at(-1) ?? "").slice(0, 300);
}

/** The result of a tool that prints one, whatever else it printed in lines before it. */
function resultIn(text: string): JsonObject | undefined {
  const firstStart = text.search(/^\{/m);
  const lastStart = text.lastIndexOf("\n{") + 1;
  return objectIn(text) ?? objectIn(text.slice(Math.max(firstStart, 0))) ?? objectIn(text.slice(lastStart));
}

/** undefined when the text is no JSON object as a whole. */
function objectIn(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function partOf(event: JsonObject | undefined): JsonObject | undefined {
  const part = event?.["part"];
  return isJsonObject(part) ? part : undefined;
}

function finishOf(reason: JsonValue | undefined): ModelFinish {
  if (reason === "max_tokens" || reason === "length") return "length";
  return reason === "content-filter" || reason === "content_filter" ? "filtered" : "stop";
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function textOrNone(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function firstTextOf(value: JsonValue | undefined): string {
  return isJsonArray(value) ? textOf(value[0]) : "";
}
