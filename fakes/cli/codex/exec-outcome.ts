import { unreachable } from "../../../src/base/assert.ts";
import { usageOf } from "../agent-script.ts";
import type { AgentAnswer, AgentEdit, AgentFailure, AgentRequest, AgentStep, AgentUsage } from "../agent-script.ts";

/** How a turn ended, in the terms of Codex. */
export interface ExecOutcome {
  /** Empty when it declined, or failed. */
  readonly message: string;
  readonly steps: readonly AgentStep[];
  readonly edits: readonly AgentEdit[];
  /** How often the connection was made anew on the way. */
  readonly reconnects: number;
  /** Why the turn failed; undefined when it did not. */
  readonly error: string | undefined;
  readonly exitCode: number;
  usage(request: AgentRequest): AgentUsage;
}

export function outcomeOf(answer: AgentAnswer): ExecOutcome {
  const { failure, exitCode = 0, structured } = answer;
  const { reconnects, error: reason } = failure === undefined ? fine : endOf(failure);
  const error = exitCode === 0 ? reason : (answer.error ?? reason ?? "stream disconnected before completion");
  const isSilent = error !== undefined || failure?.kind === "refusal";
  const text = structured === undefined ? answer.message : JSON.stringify(structured);
  const message = isSilent ? "" : text;
  return {
    message,
    steps: answer.steps ?? [],
    edits: answer.edits ?? [],
    reconnects,
    error,
    exitCode: exitCode === 0 && error !== undefined ? 1 : exitCode,
    usage: (request) => usageOf(request, { ...answer, message }),
  };
}

/** The line for each new connection, of five that it tries. */
export function reconnecting(time: number): string {
  return `Reconnecting... ${time}/${reconnectsMax}`;
}

interface End {
  readonly reconnects: number;
  readonly error: string | undefined;
}

const reconnectsMax = 5;
const fine: End = { reconnects: 0, error: undefined };

function endOf(failure: AgentFailure): End {
  switch (failure.kind) {
    case "api-error": {
      const { status, message } = failure;
      const error = message === undefined ? `unexpected status ${status}` : `unexpected status ${status}: ${message}`;
      return { reconnects: status >= 500 ? reconnectsMax : 0, error };
    }
    case "not-logged-in":
      return {
        reconnects: 0,
        error: "unexpected status 401 Unauthorized: Missing bearer or basic authentication in header",
      };
    case "context-overflow":
      return { reconnects: 0, error: "Codex ran out of room in the model's context window." };
    case "content-filter":
      return {
        reconnects: reconnectsMax,
        error: "stream disconnected before completion: Incomplete response returned, reason: content_filter",
      };
    case "max-turns":
    case "unknown-finish":
      return {
        reconnects: reconnectsMax,
        error: "stream disconnected before completion: stream closed before response.completed",
      };
    case "reconnects":
      return { reconnects: Math.min(failure.times, reconnectsMax), error: undefined };
    case "refusal":
    case "stalled":
      return fine;
    default:
      return unreachable(failure);
  }
}
