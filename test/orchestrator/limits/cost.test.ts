import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitPrompt } from "../../../src/orchestrator/agents/fit-prompt.ts";
import type { Run } from "../../../src/orchestrator/runs/run.ts";
import { RunStop } from "../../../src/orchestrator/runs/run-stop.ts";
import { addSpending, nothingSpent, spendingLine, sumSpending } from "../../../src/orchestrator/runs/spending.ts";
import { config } from "../board-world.ts";
import { failureOf, playLimited, showsFailure, type LimitedPlay } from "./limited-play.ts";

/** What the epic has cost when its design is there and its plan is not. */
function spentOnDesign({ hands }: LimitedPlay): { readonly tokens: number; readonly usd: number } {
  const text = hands.world.host("server").disk.readText("/srv/state/runs/EPIC-1/1-spent");
  const first = text.split("\n").find((line) => !line.startsWith("0 "))!;
  return sumSpending(`${first}\n`);
}

describe("tokens of a card", () => {
  test("the next question is asked as long as some are left, over all lanes, and not when none are", async () => {
    const { tokens } = spentOnDesign(await playLimited({}));
    expect(tokens).toBeGreaterThan(10);
    const allowed = await playLimited({ tokensPerCardMax: tokens + 1 });
    expect(allowed.outcomes).toContain("EPIC-1 lane 4 done");
    const refused = await playLimited({ tokensPerCardMax: tokens });
    expect(refused.outcomes.at(-1)).toBe("EPIC-1 lane 4 failed");
    expect(refused.reached).toEqual(["tokensPerCardMax EPIC-1"]);
    expect(showsFailure(refused.hands.card("EPIC-1"), "planning-failed")).toBe(true);
    expect(failureOf(refused.hands.card("EPIC-1"))).toContain(`${tokens} tokens`);
  });
});

describe("money of a card", () => {
  const { planner, coder } = config.models.roles;
  /** So dear that a design costs some dollars. */
  const dear = { ...planner, usdPerMillionTokens: { input: 20_000, output: 20_000 } };
  const models = { ...config.models, roles: { planner: dear, coder } };

  test("the next question is asked as long as some is left, and not when none is", async () => {
    const { usd } = spentOnDesign(await playLimited({ usdCentsPerCardMax: 1_000_000 }, { models }));
    const cents = Math.floor(usd * 100);
    expect(cents).toBeGreaterThan(10);
    const allowed = await playLimited({ usdCentsPerCardMax: cents + 1 }, { models });
    expect(allowed.outcomes).toContain("EPIC-1 lane 4 done");
    const refused = await playLimited({ usdCentsPerCardMax: cents }, { models });
    expect(refused.outcomes.at(-1)).toBe("EPIC-1 lane 4 failed");
    expect(refused.reached).toEqual(["usdCentsPerCardMax EPIC-1"]);
    expect(showsFailure(refused.hands.card("EPIC-1"), "planning-failed")).toBe(true);
  });
});

test("what a card has spent is the sum of its lines, without the one that a crash cut short", () => {
  const spent = fc.record({ tokens: fc.nat(1_000_000), usd: fc.nat(10_000_000), comments: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(spent), fc.nat(20), (each, cut) => {
      const exact = each.map((one) => ({ ...one, usd: one.usd / 1_000_000 }));
      const lines = exact.map(spendingLine);
      const expected = exact.reduce(addSpending, nothingSpent);
      const torn = spendingLine({ tokens: 123_456, usd: 1, comments: 1 }).slice(0, cut).trimEnd();
      const sum = sumSpending(lines.join("") + torn);
      expect(sum).toMatchObject({ tokens: expected.tokens, comments: expected.comments });
      expect(sum.usd).toBeCloseTo(expected.usd, 6);
    }),
  );
});

describe("the length of a prompt", () => {
  /** Only as much of a run as a prompt needs. */
  function fit(prompt: string, promptCharsMax: number): { readonly prompt?: string; readonly limits: string[] } {
    const limits: string[] = [];
    const event = (name: string, fields: { limit: string }): void => {
      if (name === "limit.reached") limits.push(fields.limit);
    };
    const run = { limits: { promptCharsMax }, reference: "E1", ports: { log: { event } } } as unknown as Run;
    try {
      return { prompt: fitPrompt(run, "design", prompt, promptCharsMax).prompt, limits };
    } catch (error) {
      expect((error as RunStop).stop.kind).toBe("failure");
      return { limits };
    }
  }

  test("a prompt as long as is allowed is sent as it is; code that is longer ends the run visibly", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), (lines, more) => {
        const code = `\`\`\`\n${"let a = 1;\n".repeat(lines)}\`\`\`\n`;
        expect(fit(code, code.length)).toEqual({ prompt: code, limits: [] });
        expect(fit(code, Math.max(1, code.length - more))).toEqual({ limits: ["promptCharsMax"] });
      }),
    );
  });
});
