import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import type { ModelScript } from "../../fakes/llm/model-script.ts";
import type { ModelSettings } from "./scenario-file.ts";

/** A model provider as its settings say. Without rules it has no answer to anything. */
export function setUpModel({ rules: _rules, script, ...options }: ModelSettings): ModelProvider {
  return new ModelProvider({ ...options, script: script ?? nothingToSay });
}

const nothingToSay: ModelScript = () => undefined;
