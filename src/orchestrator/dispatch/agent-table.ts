import type { Agent } from "../agents/agent.ts";
import { architect } from "../agents/architect.ts";
import { codeReview } from "../agents/code-review.ts";
import { governance } from "../agents/governance.ts";
import { pm } from "../agents/pm.ts";
import { ralph } from "../agents/ralph.ts";
import { spawner } from "../agents/spawner.ts";
import { testCode } from "../agents/test-code.ts";
import { testPlan } from "../agents/test-plan.ts";
import type { AgentName } from "../decide/lanes.ts";

export const agentTable: Readonly<Record<AgentName, Agent>> = {
  architect,
  governance,
  pm,
  spawner,
  testPlan,
  testCode,
  ralph,
  codeReview,
};
