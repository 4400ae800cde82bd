import type { FaultSpec, Seam } from "../../faults/fault.ts";
import type { ConditionName } from "./degraded-condition.ts";

/** One thing that is bad for a while: which operations it strikes, and how. */
export interface Condition {
  readonly name: ConditionName;
  readonly title: string;
  readonly lastsMs: number;
  readonly seams: readonly Seam[];
  /** Of the operations at these seams, by their names; all of them unless given. */
  readonly strikes?: (operationName: string) => boolean;
  readonly fault: FaultSpec;
}

/** Long enough to outlast a retry or two, and short of what makes people step in. */
const minuteMs = 60_000;

const isGit = (operationName: string): boolean => /(?:^|\.)git(?:\.|$)/.test(operationName);

/** In the order in which reports list them. */
export const conditions: readonly Condition[] = [
  {
    name: "board-slow",
    title: "The board is slow",
    lastsMs: minuteMs,
    seams: ["board"],
    fault: { kind: "answer-delayed", delayMs: 3_000 },
  },
  { name: "board-down", title: "The board is down", lastsMs: minuteMs, seams: ["board"], fault: { kind: "refused" } },
  {
    name: "provider-slow",
    title: "The provider of models is slow",
    lastsMs: minuteMs,
    seams: ["model"],
    fault: { kind: "answer-delayed", delayMs: 30_000 },
  },
  {
    name: "provider-down",
    title: "The provider of models is down",
    lastsMs: minuteMs,
    seams: ["model"],
    fault: { kind: "answered-with", status: 503, effect: "none" },
  },
  {
    name: "disk-full",
    title: "The disk is full",
    lastsMs: minuteMs,
    seams: ["disk-write"],
    fault: { kind: "disk-fails", code: "ENOSPC" },
  },
  {
    name: "cli-fails",
    title: "Command line tools cannot be started",
    lastsMs: minuteMs,
    seams: ["spawn"],
    strikes: (operationName) => !isGit(operationName),
    fault: { kind: "spawn-fails", code: "EAGAIN" },
  },
  {
    name: "webhooks-lost",
    title: "Webhooks get lost",
    lastsMs: minuteMs,
    seams: ["webhook"],
    fault: { kind: "request-lost" },
  },
  {
    name: "git-locked",
    title: "Git leaves its lock behind",
    lastsMs: minuteMs,
    seams: ["spawn"],
    strikes: isGit,
    fault: { kind: "program-misbehaves", behaviour: { kind: "leaveGitLock" } },
  },
];
