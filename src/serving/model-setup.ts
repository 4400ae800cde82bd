import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import type { ModelScript } from "../../fakes/llm/model-script.ts";
import { InvalidRules } from "../../fakes/llm/invalid-rules.ts";
import { scriptOf } from "../../fakes/llm/script-rules.ts";
import { reasonsOf, ScenarioMistake, type ModelSettings, type Rules } from "./scenario-file.ts";

/** A model provider as its settings say. Without rules and script it has no answer to anything. @throws ScenarioMistake */
export function setUpModel({ rules, script, ...options }: ModelSettings): ModelProvider {
  return new ModelProvider({
    workersMax: servedWorkersMax,
    ...options,
    script: rules === undefined ? (script ?? nothingToSay) : scriptOfRules(rules),
  });
}

function scriptOfRules(rules: Rules): ModelScript {
  try {
    return scriptOf(rules);
  } catch (error) {
    if (!(error instanceof InvalidRules)) throw error;
    throw new ScenarioMistake({
      what: "model.rules",
      why: reasonsOf(error),
      fix: "docs/fakes.md says what a rule holds",
    });
  }
}

const nothingToSay: ModelScript = () => undefined;

/** A provider over the network is many machines: it does not let one client wait for another. */
const servedWorkersMax = 1_000;
