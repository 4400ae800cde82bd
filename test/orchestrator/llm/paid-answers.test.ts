import { describe, expect, test } from "vitest";
import { Body } from "../../../src/base/body.ts";
import { isJsonArray, isJsonObject, type JsonObject } from "../../../src/base/json.ts";
import { RunStop } from "../../../src/orchestrator/runs/run-stop.ts";
import { defaultPolicies, type Policies } from "../../../src/orchestrator/orchestrator.ts";
import type { HttpRequest } from "../../../src/ports/http.ts";
import { config } from "../board-world.ts";
import { limitedPlay, type LimitedPlay } from "../limits/limited-play.ts";
import { play } from "../play.ts";
import { wrapHttp } from "../wrapped-http.ts";

const source = "def answer_S1():\n    return 42\n";
const { planner } = config.models.roles;
/** The coder is asked over HTTP, too. */
const models = { ...config.models, roles: { planner, coder: planner } };

interface Coded extends LimitedPlay {
  /** What the coder was asked, in order. */
  readonly prompts: readonly string[];
}

/** A whole board on which the coder says what it is told to, by how often it was asked before. */
async function playCoder(answers: readonly JsonObject[], policies: Partial<Policies> = {}): Promise<Coded> {
  const prompts: string[] = [];
  const played = await play(
    {
      models,
      policies: { ...defaultPolicies, ...policies },
      ports: (ports) =>
        wrapHttp(ports, {
          request(request, send) {
            if (!isOfCoder(request)) return send(request);
            prompts.push(promptOf(request));
            const choice = answers[Math.min(prompts.length, answers.length) - 1]!;
            return Promise.resolve({
              kind: "ok",
              value: { status: 200, headers: {}, body: Body.ofJson({ choices: [choice] }) },
            });
          },
        }),
    },
    () => true,
    () => Promise.resolve(),
  );
  return { ...limitedPlay(played), prompts };
}

function isOfCoder({ name, key = "" }: HttpRequest): boolean {
  return name === "model.complete" && key.startsWith("coder/");
}

function promptOf({ body }: HttpRequest): string {
  const value = body?.json();
  const messages = isJsonObject(value) ? value["messages"] : undefined;
  const [message] = isJsonArray(messages) ? messages : [];
  return isJsonObject(message) ? (message["content"] as string) : "";
}

const good: JsonObject = { message: { content: source }, finish_reason: "stop" };

describe("an answer of the coder that is none", () => {
  test.each<[string, JsonObject, string]>([
    ["was cut", { message: { content: source }, finish_reason: "length" }, "cut at the token limit"],
    ["was declined", { message: { content: null, refusal: "I will not." }, finish_reason: "stop" }, "I will not."],
    ["was filtered", { message: { content: source }, finish_reason: "content_filter" }, "the provider's filter"],
  ])("because it %s is told to the coder, and costs one fix and no attempt", async (_, flawed, words) => {
    const { prompts, outcomes } = await playCoder([flawed, good]);
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain(words);
    expect(outcomes.filter((outcome) => outcome.startsWith("EPIC-1/S1 lane 8"))).toEqual(["EPIC-1/S1 lane 8 done"]);
  });

  test("each time ends the story visibly when the fixes are used up, and not later", async () => {
    const { prompts, outcomes, reached } = await playCoder([{ message: { content: source }, finish_reason: "length" }]);
    expect(prompts).toHaveLength(defaultPolicies.limits.ralphIterationsMax);
    expect(reached).toEqual(["ralphIterationsMax EPIC-1/S1"]);
    expect(outcomes.at(-1)).toBe("EPIC-1/S1 lane 8 failed");
  });
});

/** The attempt ends at the first trace of a purpose, right behind the answer. */
function breakingTraces(purpose: string): Policies["traces"] {
  let isBroken = false;
  return {
    async keep(files, ports, trace) {
      if (trace.purpose === purpose && !isBroken) {
        isBroken = true;
        throw new RunStop({ kind: "transient", reason: "broken off behind the answer", unknown: false });
      }
      await defaultPolicies.traces.keep(files, ports, trace);
    },
  };
}

describe("an attempt that ends right behind an answer has kept it: the next one does not ask again", () => {
  test("for code", async () => {
    const { prompts, outcomes } = await playCoder([good], { traces: breakingTraces("code") });
    expect(outcomes).toContain("EPIC-1/S1 lane 8 retry");
    expect(outcomes).toContain("EPIC-1/S1 lane 8 done");
    expect(prompts).toHaveLength(1);
  });

  test.each(["design", "plan"])("for a %s", async (purpose) => {
    const { outcomes, events } = await playCoder([good], { traces: breakingTraces(purpose) });
    expect(outcomes).toContain(`EPIC-1 lane ${purpose === "design" ? 2 : 4} retry`);
    const asked = events.filter(
      (event) =>
        event.kind === "sent" && event.op.name === "model.complete" && event.op.key === `planner/EPIC-1/${purpose}`,
    );
    expect(asked).toHaveLength(1);
  });
});
