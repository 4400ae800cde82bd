import type { AgentScript } from "../../../fakes/cli/agent-script.ts";
import type { Program } from "../../ports/program.ts";
import type { ProgramName } from "./settings.ts";

/** Loads one program and nothing of the others: what an executable takes to start is mostly loading. */
export function loadProgram(name: ProgramName, script: AgentScript): Promise<Program> {
  return loaders[name](script);
}

const loaders: Readonly<Record<ProgramName, (script: AgentScript) => Promise<Program>>> = {
  claude: async (script) => (await import("../../../fakes/cli/claude/claude.ts")).claude(script),
  codex: async (script) => (await import("../../../fakes/cli/codex/codex.ts")).codex(script),
  gemini: async (script) => (await import("../../../fakes/cli/gemini/gemini.ts")).gemini(script),
  git: async () => (await import("../../../fakes/cli/git/git.ts")).git(),
  opencode: async (script) => (await import("../../../fakes/cli/opencode/opencode.ts")).opencode(script),
  pytest: async () => (await import("../../../fakes/cli/pytest/pytest.ts")).pytest(),
  vitest: async () => (await import("../../../fakes/cli/vitest/vitest.ts")).vitest(),
};
