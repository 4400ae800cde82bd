/**
 * The public door: what scenarios, integrations and users' own suites are built from. Everything else is ours to
 * change.
 */

export { AssertionFailure, assert } from "./base/assert.ts";
export { Body } from "./base/body.ts";
export { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./base/json.ts";

export type { Ports } from "./ports/ports.ts";
export type { ChildProcess } from "./ports/subprocess.ts";
export type { HttpResponse } from "./ports/http.ts";
export type { Result } from "./ports/result.ts";
export type { Program } from "./ports/program.ts";
export type { Service } from "./ports/service.ts";

// For worlds of one's own: what can happen, as the kernel sees it.
export type { Footprint } from "./base/footprint.ts";
export type { Incarnation } from "./kernel/process.ts";
export { Step } from "./kernel/step.ts";

export type { Fault, FaultFamily, FaultSpec } from "./faults/fault.ts";
export type { HistoryEvent } from "./history/event.ts";
export type { Finding, Invariant, Judge, Sometimes } from "./invariants/invariant.ts";
export { boardInvariants } from "./invariants/board-invariants.ts";
export { peopleNotes, type Facts } from "./invariants/facts.ts";

export type { Case } from "./sim/case.ts";
export type { Outcome, Verdict } from "./sim/outcome.ts";
export { signatureOf } from "./sim/outcome.ts";
export { runCase } from "./sim/run-case.ts";
export type { Bounds, FaultSettings, Scenario, WorkloadSource } from "./sim/scenario.ts";
export type { World } from "./sim/world.ts";

// How much of a load a system bears.
export type { FigureName } from "./limits/figures.ts";
export type { GrowthLaw } from "./limits/growth-law.ts";
export {
  linearWork,
  type AllowedGrowth,
  type FigureBudget,
  type LimitEdge,
  type Load,
  type Ramp,
} from "./limits/ramp.ts";
export { largestOf, type Meters } from "./limits/meters.ts";
export type { Observation } from "./limits/observe-load.ts";
export type { Stress } from "./limits/stress.ts";

// A world of one's own, out of its parts.
export * as fc from "fast-check";
export { defineConfig, type ProjectConfig } from "./define/config.ts";
export { defineLive } from "./live/define-live.ts";
export type { LiveConfig, LiveProcess, LiveWebhook } from "./live/live-config.ts";
export type { People } from "./live/people.ts";
export type { Budgets, TokenPrices } from "./limits/budgets/budgets.ts";
export { DefinitionError } from "./define/definition-error.ts";
export {
  defineInvariant,
  defineSometimes,
  noCrash,
  whenLogged,
  type Check,
  type InvariantDefinition,
  type SometimesDefinition,
} from "./define/invariant.ts";
export type { RampDefinition } from "./define/ramps.ts";
export {
  defineScenario,
  outsideName,
  type Main,
  type ProcessDefinition,
  type ScenarioDefinition,
} from "./define/scenario.ts";
export { scripted, type Script } from "./define/scripted.ts";
export {
  kanboard,
  llm,
  serveAt,
  type BoardCard,
  type BoardOptions,
  type LlmOptions,
  type ServiceDefinition,
} from "./define/services.ts";
export type { SafeParser, WorkloadSchema } from "./define/workload.ts";

// The orchestrator core, and the parts of it that a variant of its policies is made from.
export * from "./orchestrator.ts";
export type { StormlaneConfig } from "./cli/serve/serve-config.ts";
export { sha256 } from "./base/digest.ts";
