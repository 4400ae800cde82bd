import { ModelProvider } from "../../../fakes/llm/model-provider.ts";
import { timedBench } from "../../../src/bench/bench-module.ts";
import { serve } from "../../fakes/llm/serve.ts";

const calls = 100;
const body = {
  model: "gpt",
  messages: [{ role: "user", content: "Split the card into stories. ".repeat(40) }],
};
const answer = { content: JSON.stringify({ stories: [{ id: "S1", title: "Login" }] }) };

/** A chat completion of the fake provider, in the words of OpenAI's API. */
export const modelCall = timedBench({
  name: "LLM call",
  about: "one chat completion of the fake provider",
  operations: calls,
  setUp: () => new ModelProvider({ script: () => answer }),
  body: (provider, count) => {
    let answered = 0;
    for (let call = 0; call < count; call++) {
      const headers = { "x-stormlane-role": "planner", "x-stormlane-key": `EPIC-${call}`, "x-stormlane-attempt": "1" };
      if (serve(provider, { headers, body }).status === 200) answered++;
    }
    return answered;
  },
  isDone: (answered, _, count) => answered === count,
});
