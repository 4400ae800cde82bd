import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { AgentFailure } from "../agent-script.ts";
import type { ClaudeArguments } from "./arguments.ts";

/** How a turn ended. */
export interface TurnEnd {
  readonly subtype: "success" | "error_during_execution" | "error_max_turns" | "error_max_budget_usd";
  readonly isError: boolean;
  readonly terminalReason: string;
  readonly stopReason: string | null;
  /** With `success` the last message, or what went wrong with the provider; else what stands in `errors`. */
  readonly text: string;
  /** What the format `text` prints in place of it. */
  readonly plainText?: string;
  /** How messages classify a failure of the provider. */
  readonly errorClass?: string;
  readonly status?: number;
  readonly statusName?: string;
  readonly structured?: JsonValue;
}

export function completed(message: string, structured: JsonValue | undefined, stopReason = "end_turn"): TurnEnd {
  const how = { subtype: "success", isError: false, terminalReason: "completed" } as const;
  return structured === undefined
    ? { ...how, stopReason, text: message }
    : { ...how, stopReason: "tool_use", text: JSON.stringify(structured), structured };
}

export function maxTurnsReached(limit: number): TurnEnd {
  return {
    subtype: "error_max_turns",
    isError: true,
    terminalReason: "max_turns",
    stopReason: "tool_use",
    text: `Reached maximum number of turns (${limit})`,
    plainText: `Error: Reached max turns (${limit})`,
  };
}

export function budgetExhausted(limitUsd: number, stopReason: string): TurnEnd {
  return {
    subtype: "error_max_budget_usd",
    isError: true,
    terminalReason: "budget_exhausted",
    stopReason,
    text: `Reached maximum budget ($${limitUsd})`,
    plainText: `Error: Exceeded USD budget (${limitUsd})`,
  };
}

/** @param reason whether a tool was waiting for its permission, or the provider for nothing */
export function aborted(reason: "aborted_streaming" | "aborted_tools"): TurnEnd {
  const stopReason = reason === "aborted_tools" ? "tool_use" : null;
  return {
    subtype: "error_during_execution",
    isError: true,
    terminalReason: reason,
    stopReason,
    text: `[ede_diagnostic] result_type=user last_content_type=n/a stop_reason=${String(stopReason)}`,
    plainText: "Execution error",
  };
}

const notLoggedIn: TurnEnd = {
  ...providerFailed("Not logged in · Please run /login", "authentication_failed"),
};

/** @returns undefined for a failure after which a message comes all the same */
export function failureEnd(failure: AgentFailure, model: string, args: ClaudeArguments): TurnEnd | undefined {
  switch (failure.kind) {
    case "api-error":
      return statusEnd(failure.status, failure.message ?? "Internal server error", model);
    case "not-logged-in":
      return notLoggedIn;
    case "max-turns":
      return maxTurnsReached(args.maxTurns ?? 1);
    case "refusal":
    case "content-filter":
      return { ...providerFailed(refusalText(model), "invalid_request"), stopReason: "refusal" };
    case "context-overflow":
      return {
        ...providerFailed("Prompt is too long", "invalid_request"),
        terminalReason: "prompt_too_long",
        status: 400,
        statusName: "invalid_request_error",
      };
    case "reconnects":
    case "stalled":
    case "unknown-finish":
      return undefined;
  }
}

/** A failure of the provider is a `success` that is an error. */
function providerFailed(text: string, errorClass: string): TurnEnd {
  return {
    subtype: "success",
    isError: true,
    terminalReason: "api_error",
    stopReason: "stop_sequence",
    text,
    errorClass,
  };
}

function statusEnd(status: number, message: string, model: string): TurnEnd {
  const end = providerFailed(statusText(status, message, model), errorClassOf(status));
  return {
    ...end,
    status,
    statusName: STATUS_NAMES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error"),
  };
}

function statusText(status: number, message: string, model: string): string {
  if (status === 401) return "Invalid API key · Fix external API key";
  if (status === 403) return `Failed to authenticate. API Error: 403 ${message}`;
  if (status === 404) {
    return (
      `There's an issue with the selected model (${model}). It may not exist or you may not have access to it. ` +
      "Run --model to pick a different model."
    );
  }
  if (status === 429) return `API Error: Request rejected (429) · ${message}`;
  return `API Error: ${status} ${message}`;
}

export function errorClassOf(status: number): string {
  if (status === 401 || status === 403) return "authentication_failed";
  if (status === 404) return "model_not_found";
  if (status === 429) return "rate_limit";
  return status >= 500 ? "server_error" : "unknown";
}

function refusalText(model: string): string {
  return `API Error: the safeguards of ${model} flagged this message (https://www.anthropic.com/legal/aup).`;
}

/** What the API calls them in its own errors. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/** The last line that says it: `subtype` is `success` for whatever the provider did. */
export function resultMembers(end: TurnEnd): JsonObject {
  const outcome = { subtype: end.subtype };
  if (end.subtype !== "success") return { ...outcome, errors: [end.text] };
  return {
    ...outcome,
    api_error_status: end.status ?? null,
    api_error_type: end.statusName,
    result: end.text,
    structured_output: end.structured,
  };
}
