/**
 * The fakes themselves, for those who run them in a way of their own: `stormlane/fakes`. A service is a generator that
 * yields before each statement, a program one that yields where time passes; see `docs/fakes.md`.
 */

export { Kanboard, type BoardState, type KanboardOptions } from "../fakes/kanboard/kanboard.ts";
export { ModelProvider, type ModelProviderOptions } from "../fakes/llm/model-provider.ts";
export type { ModelScript, ScriptAnswer, ScriptRequest } from "../fakes/llm/model-script.ts";
export { InvalidRules } from "../fakes/llm/invalid-rules.ts";
export { scriptOf } from "../fakes/llm/script-rules.ts";

export type { AgentAnswer, AgentRequest, AgentScript } from "../fakes/cli/agent-script.ts";
export { claude } from "../fakes/cli/claude/claude.ts";
export { codex } from "../fakes/cli/codex/codex.ts";
export { gemini } from "../fakes/cli/gemini/gemini.ts";
export { git } from "../fakes/cli/git/git.ts";
export { misbehave } from "../fakes/cli/misbehave.ts";
export { sampleProgramFaults, type ProgramFault } from "../fakes/cli/program-fault.ts";
export { opencode } from "../fakes/cli/opencode/opencode.ts";
export { pytest } from "../fakes/cli/pytest/pytest.ts";
export { vitest } from "../fakes/cli/vitest/vitest.ts";

export type { IncomingRequest, OutgoingResponse } from "./ports/http.ts";
export type { Program, ProgramContext, ProgramStep } from "./ports/program.ts";
export type { Service, ServiceContext, ServiceStep } from "./ports/service.ts";
