import { timedBench, type BenchModule } from "../../../src/bench/bench-module.ts";
import { sha256 } from "../../../src/base/digest.ts";
import { serveConfigSchema } from "../../../src/cli/serve/serve-config.ts";
import { planPrompt } from "../../../src/orchestrator/agents/prompts.ts";
import type { Approval } from "../../../src/orchestrator/governance/approval.ts";
import {
  emptyRatchet,
  foldApprovals,
  lockedHash,
  lockedPaths,
  parseRatchet,
  serialiseRatchet,
} from "../../../src/orchestrator/governance/ratchet.ts";
import { readJson } from "../../../src/orchestrator/llm/read-json.ts";

const stories = 10;
const artifacts = 50;
const design = "The parts exchange records of one line each. What can go wrong is listed below.\n".repeat(60);
const plan = {
  stories: Array.from({ length: stories }, (_, index) => ({
    id: `S${index + 1}`,
    title: `Story ${index + 1}, "quoted"`,
    description: "What is built, in a few sentences as models write them. ".repeat(4),
    acceptance_criteria: ["it answers", "it refuses what it must"],
    priority: "high",
  })),
};
/** As models leave it: fenced, with a comma too many and names without quotes. */
const damagedPlan = `Here is the plan:\n\`\`\`json\n${JSON.stringify(plan, undefined, 2)
  .replaceAll('"priority":', "priority:")
  .replace(/\]\n\}$/, "],\n}")}\n\`\`\`\n`;
const approvals: readonly Approval[] = Array.from({ length: artifacts }, (_, index) => ({
  kind: "lock",
  path: `stories/S${index}/tests/test_${index}.py`,
  hash: sha256(`content ${index}`),
  generation: 1,
  basis: "0".repeat(16),
}));
const config = {
  board: { url: "https://board.example/jsonrpc.php", token: "board-token-0123456789", project: "Project", userId: 3 },
  model: { url: "http://model.test", models: { planner: "planner-1" } },
  coder: { type: "claude", model: "coder-1" },
  limits: { childrenPerEpicMax: 20 },
};
const nowMs = Date.UTC(2026, 0, 5);

/** Parts of the orchestrator core that a run goes through again and again. */
export const coreParts: readonly BenchModule[] = [
  timedBench({
    name: "JSON repair",
    about: `a plan of ${stories} stories, fenced and damaged`,
    operations: 8,
    setUp: () => undefined,
    body: (_, operations) => repeat(operations, () => readJson(damagedPlan).kind),
    isDone: (kind) => kind === "ok",
  }),
  timedBench({
    name: "prompt template",
    about: "the prompt for a plan, of a card and a design of 5 kB",
    operations: 100,
    setUp: () => ({
      card: {
        id: 1,
        title: "Epic",
        description: design,
        reference: "EPIC-1",
        project_id: 1,
        column_id: 3,
        swimlane_id: 1,
        is_active: 1,
        date_moved: 0,
        date_modification: 0,
      },
      metadata: { dirname: "epic-1", context_mode: "NEW" },
    }),
    body: (text, operations) => repeat(operations, () => planPrompt(text, design)),
    isDone: (prompt) => typeof prompt === "string" && prompt.includes(design.trim()),
  }),
  timedBench({
    name: "ratchet check",
    about: `a ratchet of ${artifacts} artifacts: read, compared with the records, each path asked for`,
    operations: 8,
    setUp: () => serialiseRatchet(foldApprovals(approvals, emptyRatchet, nowMs)),
    body: (text, operations) =>
      repeat(operations, () => {
        const ratchet = foldApprovals(approvals, parseRatchet(text)!, nowMs);
        return lockedPaths(ratchet).filter((path) => lockedHash(ratchet, path) !== undefined).length;
      }),
    isDone: (locked) => locked === artifacts,
  }),
  timedBench({
    name: "config parse",
    about: "the configuration of stormlane serve, from JSON text",
    operations: 20,
    setUp: () => JSON.stringify(config),
    body: (text, operations) => repeat(operations, () => serveConfigSchema.safeParse(JSON.parse(text)).success),
    isDone: (success) => success === true,
  }),
];

/** @returns what the last of all calls gave */
function repeat<Value>(operations: number, call: () => Value): Value {
  let value = call();
  for (let count = 1; count < operations; count++) value = call();
  return value;
}
