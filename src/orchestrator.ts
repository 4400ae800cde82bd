/**
 * The orchestrator core, for production and for tests: `stormlane/orchestrator`. It reaches the world through the ports
 * it is given (`stormlane/real`, or a simulation's) and loads nothing of either. The parts of its policies are here
 * too, so that a variant can be made of them.
 */

export {
  defaultLimits,
  defaultPolicies,
  runCard,
  RunSlots,
  startPoller,
  startWebhookServer,
  type Considered,
  type Limits,
  type OrchestratorConfig,
  type Policies,
} from "./orchestrator/orchestrator.ts";
export type {
  BoardConfig,
  ModelRole,
  ModelsConfig,
  ProviderConfig,
  RoleConfig,
  TokensField,
  WebhookConfig,
} from "./orchestrator/config.ts";
export type { CardMode } from "./orchestrator/work-package/follow-card.ts";

export type {
  AdmissionChecks,
  AdmissionPolicy,
  ClaimPolicy,
  ClaimRequest,
  Decided,
  DecisionPolicy,
  LanePolicy,
  RecoveryPolicy,
  RetryPolicy,
  Trigger,
} from "./orchestrator/policies.ts";
export type {
  AnswerPolicy,
  ApprovalPolicy,
  BatchPolicy,
  CodePolicy,
  CommentPolicy,
  LockRequest,
  ProgramPolicy,
  ReviewPolicy,
  TestPolicy,
  TracePolicy,
} from "./orchestrator/agent-policies.ts";
export { openLease } from "./orchestrator/claims/open-lease.ts";
export { changedTags, type TagPolicy } from "./orchestrator/cards/change-tags.ts";
export { closeCard } from "./orchestrator/cards/close-card.ts";
export { decide } from "./orchestrator/decide/decide.ts";
export { lanePrograms } from "./orchestrator/decide/lanes.ts";
export { labelOf } from "./orchestrator/decide/reference.ts";
export { RunStop } from "./orchestrator/runs/run-stop.ts";
export type { EpicCards, FanOut } from "./orchestrator/spawn/fan-out.ts";
export type { SpawnPolicy } from "./orchestrator/spawn/spawn-policy.ts";
export { emptyRatchet, parseRatchet, serialiseRatchet } from "./orchestrator/governance/ratchet.ts";
export type { RatchetFiles, RatchetPolicy } from "./orchestrator/workspace/ratchet-files.ts";
export type { WorkspacePolicy } from "./orchestrator/workspace/workspace-policy.ts";
