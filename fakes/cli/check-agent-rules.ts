import type { JsonValue } from "../../src/base/json.ts";
import { InvalidRules } from "../llm/invalid-rules.ts";
import { agentRuleListSchema } from "./agent-rule-schema.ts";

/**
 * Apart from reading them: an executable goes by rules that were checked when it was installed.
 *
 * @param agent whose rules they are, for messages
 * @throws {InvalidRules} naming each bad member and its place
 */
export function checkAgentRules(agent: string, rules: JsonValue): void {
  const parsed = agentRuleListSchema.safeParse(rules);
  if (!parsed.success) throw new InvalidRules(agent, parsed.error.issues);
}
