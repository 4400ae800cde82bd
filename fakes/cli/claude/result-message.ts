import type { JsonObject } from "../../../src/base/json.ts";
import type { AgentUsage } from "../agent-script.ts";
import { usageObject } from "./messages.ts";
import { contextOf } from "./models.ts";
import type { SessionTotals } from "./sessions.ts";
import type { TurnReport } from "./turn.ts";
import { resultMembers } from "./turn-end.ts";

/** The one result of a turn: `usage` is of the turn alone, `modelUsage` and the cost of the whole session. */
export function resultMessage(
  report: TurnReport,
  options: {
    readonly model: string;
    readonly totals: SessionTotals;
    readonly durationMs: number;
    /** From 0, within the process. */
    readonly index: number;
    readonly isStream: boolean;
  },
): JsonObject {
  const { end, usage, costUsd } = report;
  const { model, totals, durationMs, index, isStream } = options;
  return {
    duration_api_ms: durationMs,
    stop_reason: end.stopReason,
    total_cost_usd: totals.costUsd,
    usage: {
      ...usageObject(usage),
      output_tokens_details: { thinking_tokens: 0 },
      server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
      service_tier: "standard",
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
      inference_geo: "",
      iterations: [],
      speed: "standard",
    },
    modelUsage: totals.modelUsage,
    permission_denials: report.denials.map((use) => ({
      tool_name: use.name,
      tool_use_id: use.id,
      tool_input: use.input,
    })),
    terminal_reason: end.terminalReason,
    fast_mode_state: "off",
    is_error: end.isError,
    num_turns: report.turnCount,
    ...resultMembers(end),
    type: "result",
    duration_ms: durationMs,
    queued_turn_count: 0,
    result_index: index,
    model_usage_since_last_result: isStream ? { [model]: modelUsage(model, usage, costUsd) } : undefined,
  };
}

/** A turn in which the provider never answered is none that a model was used for. */
export function addTurn(totals: SessionTotals, model: string, { usage, costUsd }: TurnReport): SessionTotals {
  if (usage.inputTokens === 0 && usage.outputTokens === 0) return totals;
  const added = modelUsage(model, usage, costUsd);
  const before = totals.modelUsage[model];
  const sum: JsonObject = before === undefined ? added : sumOf(before, added);
  return { costUsd: totals.costUsd + costUsd, modelUsage: { ...totals.modelUsage, [model]: sum } };
}

function modelUsage(model: string, usage: AgentUsage, costUsd: number): JsonObject {
  const cached = usage.cachedTokens ?? 0;
  return {
    inputTokens: usage.inputTokens - cached,
    outputTokens: usage.outputTokens,
    cacheReadInputTokens: cached,
    cacheCreationInputTokens: 0,
    webSearchRequests: 0,
    costUSD: costUsd,
    ...contextOf(model),
  };
}

function sumOf(before: JsonObject, added: JsonObject): JsonObject {
  const counts = ["inputTokens", "outputTokens", "cacheReadInputTokens", "costUSD"] as const;
  const sums = counts.map((name) => [name, (before[name] as number) + (added[name] as number)]);
  return { ...added, ...(Object.fromEntries(sums) as JsonObject) };
}
