import { digest64 } from "../../../src/base/digest.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad } from "../openai/parsed.ts";

/** What a client sees of the reasoning: nothing, its text, or a block without text that only bears the signature. */
export type ThinkingDisplay = "none" | "shown" | "omitted";

/** Without `thinking` there is none, whatever the model. */
export function readThinking(
  body: JsonObject,
): { readonly kind: "ok"; readonly display: ThinkingDisplay } | (ParsedRequest & { readonly kind: "bad" }) {
  const { thinking } = body;
  if (thinking === undefined || thinking === null) return { kind: "ok", display: "none" };
  if (!isJsonObject(thinking)) return bad("thinking: Input should be a valid dictionary");
  const display = thinking["display"] === "omitted" ? "omitted" : "shown";
  switch (thinking["type"]) {
    case "disabled":
      return { kind: "ok", display: "none" };
    case "adaptive":
    case "between_tools":
      return { kind: "ok", display };
    case "enabled": {
      const budget = thinking["budget_tokens"];
      if (typeof budget !== "number") return bad("thinking.enabled.budget_tokens: Field required");
      if (budget < BUDGET_MIN) {
        return bad(`thinking.enabled.budget_tokens: Input should be greater than or equal to ${BUDGET_MIN}`);
      }
      const max = body["max_tokens"];
      if (typeof max === "number" && max <= budget) {
        return bad("`max_tokens` must be greater than `thinking.budget_tokens`.");
      }
      return { kind: "ok", display };
    }
    default:
      return bad(
        "thinking: Input tag does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'",
      );
  }
}

const BUDGET_MIN = 1024;

/** What a client has to bring back with the block, unchanged. */
export function signatureOf(thinking: string): string {
  return `sig${digest64(thinking)}`;
}
