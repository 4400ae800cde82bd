import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scriptOf } from "../../src/fakes.ts";
import { defineScenario, fc, llm, runCase, type Fault, type Outcome } from "../../src/index.ts";
import { UnmodifiedSystem } from "../../src/inprocess/in-process.ts";
import { describeClient } from "./requires-package.ts";

const lines = [
  "openai first this",
  "openai stream first this",
  `anthropic {"type":"text","text":"first this"}`,
  "langchain first this",
  "ai first this",
  "ai stream first this",
];

const everyClient = (): Promise<unknown> =>
  Promise.all([
    import("openai"),
    import("@anthropic-ai/sdk"),
    import("@langchain/openai"),
    import("ai"),
    import("@ai-sdk/openai"),
  ]);

await describeClient("openai, anthropic, langchain and ai, in process", everyClient, () => {
  const entry = fileURLToPath(new URL("in-process/ask-all.ts", import.meta.url));
  const main = new UnmodifiedSystem(entry).main(entry);
  const scenario = defineScenario({
    name: "ask-all",
    workload: fc.constant({}),
    services: [llm(scriptOf([{ answer: { content: "first this" } }]))],
    system: { program: { main, daemon: true } },
    drive: async (ports) => void (await ports.clock.sleep(600_000)),
    invariants: [],
  });
  const run = (drawSeed: number, faults: readonly Fault[]): Promise<Outcome> =>
    runCase(scenario, { scenario: "ask-all", drawSeed, workload: {}, faults, preemptions: [], delays: [] });
  const chat = "program@0/main/http.POST(model.test/v1/chat/completions)";

  test("each asks the fake model and is answered", async () => {
    const outcome = await run(1, []);
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(printed(outcome)).toEqual(lines);
  });

  test.each<[trouble: string, faults: readonly Fault[]]>([
    ["a busy model", [{ site: `${chat}#0`, kind: "answered-with", status: 429, effect: "none", retryAfterS: 2 }]],
    ["a connection that breaks", [{ site: `${chat}#2`, kind: "answer-reset" }]],
    [
      "a model that is out of order, twice",
      [0, 1].map((n) => ({ site: `${chat}#${n}`, kind: "answered-with", status: 503, effect: "none" })),
    ],
    [
      "a provider that is overloaded",
      [
        {
          site: "program@0/main/http.POST(model.test/v1/messages)#0",
          kind: "answered-with",
          status: 529,
          effect: "none",
        },
      ],
    ],
  ])("each goes through %s by retries of its own, the same in every run", async (_trouble, faults) => {
    for (const seed of [1, 2, 3]) {
      const [first, second] = [await run(seed, faults), await run(seed, faults)];
      expect(first.unused).toEqual([]);
      expect(printed(first)).toEqual(lines);
      expect(second.history.hash()).toBe(first.history.hash());
    }
  });
});

function printed({ history }: Outcome): string[] {
  return history.events.flatMap((event) =>
    event.kind === "note" && event.name === "console.log" ? [event.fields["text"] as string] : [],
  );
}
