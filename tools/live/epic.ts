import type { AgentRequest, AgentAnswer } from "../../fakes/cli/agent-script.ts";
import type { ScriptAnswer, ScriptRequest } from "../../fakes/llm/model-script.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";

/** One epic, from its inbox to done, with two pollers and a webhook server. */
export function liveWorkload(stories: number): Workload {
  return {
    epics: [smallEpic(1, stories)],
    journey: "whole",
    pollers: 2,
    webhookServers: 1,
    pollIntervalMs: 400,
    mandatoryFields: false,
    coderNeedsTries: 2,
    slips: [],
  };
}

/**
 * What the planner's model says. The same question has the same answer, however often a crash makes somebody ask: two
 * runs can then be compared word by word.
 */
export function modelScript(workload: Workload): (request: ScriptRequest) => ScriptAnswer | undefined {
  return ({ key, prompt }) => {
    const slash = key.lastIndexOf("/");
    const reference = key.slice(0, slash);
    switch (key.slice(slash + 1)) {
      case "design":
        return document(`Design of ${reference}`, "The parts are a store, a service and a page.");
      case "plan": {
        const epic = workload.epics.find((each) => each.reference === reference);
        return epic === undefined ? undefined : { content: JSON.stringify(epic.prd) };
      }
      case "test-plan":
        return document(`Test plan of ${reference}`, "Each criterion is a case; the data is small and fixed.");
      case "test-code":
        return testFile(prompt);
      default:
        return undefined;
    }
  };
}

function document(title: string, sentence: string): ScriptAnswer {
  return { content: `# ${title}\n\n${sentence}\n\n${"It stays simple. ".repeat(12)}` };
}

function testFile(prompt: string): ScriptAnswer | undefined {
  const source = /will stand in (src\/(\w+)\.py)/.exec(prompt);
  if (source === null) return undefined;
  const [, path, name] = source;
  return {
    content: [
      `def test_${name}():`,
      `    # expect: ${path} contains def solve_${name}`,
      `    assert solve_${name}() is not None`,
      "",
    ].join("\n"),
  };
}

/** The first version is wrong, and what is made of it is right, whichever attempt it is. */
export function answerOfCoder({ prompt }: AgentRequest): AgentAnswer {
  const solution = /# expect: \S+ contains def (\w+)/.exec(prompt)?.[1] ?? "solve";
  const name = prompt.includes("(none yet)") ? `almost_${solution}` : solution;
  return { message: `def ${name}():\n    return 1\n`, durationMs: 300 };
}
