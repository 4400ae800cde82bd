import type { Ramp } from "../../src/index.ts";
import { smallEpic } from "../board-world/stories.ts";
import { rampLoad, type RampSubject, type RampWorld } from "./ramp-world.ts";

/** More goes wrong, or for longer. */
export function troubleRamps(subject: RampSubject): readonly Ramp[] {
  const planning = { epics: [smallEpic(1, 1)], journey: "planning" } as const;
  const whole = { epics: [smallEpic(1, 1)] } as const;
  return [
    {
      name: "error-rate",
      about: "So many of a hundred requests to board and model are refused, or answered by a proxy.",
      unit: "%",
      from: 0,
      to: 64,
      levelMax: 100,
      promised: 2,
      growthLevels: [2, 4, 8, 16],
      allowed: { commentsPerCard: "constant" },
      load: (level) =>
        rampLoad({
          subject,
          workload: planning,
          stress: [
            {
              seams: ["board", "model"],
              ratePpm: level * 10_000,
              faults: [{ kind: "refused" }, { kind: "answered-with", status: 502, effect: "none" }],
            },
          ],
        }),
    },
    {
      name: "outage",
      about: "For so many minutes nobody listens where the models are.",
      unit: "minutes",
      from: 0,
      to: 40,
      levelMax: 600,
      promised: 5,
      growthLevels: [1, 2, 4, 8],
      allowed: { commentsPerCard: "constant" },
      budgets: [{ figure: "modelCalls", max: (level) => 10 + 10 * level }],
      load: (level) =>
        rampLoad({
          subject,
          workload: planning,
          stress: [
            {
              seams: ["model"],
              ratePpm: 1_000_000,
              faults: [{ kind: "refused" }],
              // People have the epic ready for its first agent within the first minute.
              untilMs: level === 0 ? 0 : (1 + level) * 60_000,
            },
          ],
        }),
    },
    {
      name: "json-repair-rate",
      about: "So many of a hundred plans come as people type JSON, and must be repaired.",
      unit: "%",
      from: 0,
      to: 100,
      levelMax: 100,
      promised: 100,
      step: 5,
      growthLevels: [25, 50, 75, 100],
      allowed: { modelCalls: "constant", commentsPerCard: "constant" },
      load: (level) => rampLoad({ subject, workload: fourPlans, answers: () => damagePlans(level, loosen) }),
    },
    {
      name: "bad-json-rate",
      about: "So many of a hundred plans are cut in the middle, and cannot be repaired.",
      unit: "%",
      from: 0,
      to: 100,
      levelMax: 100,
      promised: 5,
      step: 5,
      growthLevels: [],
      load: (level) => rampLoad({ subject, workload: fourPlans, answers: () => damagePlans(level, cut) }),
    },
    {
      name: "cli-failure-rate",
      about: "So many of a hundred programs end before they have done anything.",
      unit: "%",
      from: 0,
      to: 64,
      levelMax: 100,
      promised: 1,
      growthLevels: [2, 4, 8, 16],
      allowed: { commentsPerCard: "constant" },
      load: (level) =>
        rampLoad({
          subject,
          workload: whole,
          stress: [
            {
              seams: ["spawn"],
              ratePpm: level * 10_000,
              faults: [{ kind: "program-misbehaves", behaviour: { kind: "exitBeforeOutput", exitCode: 1 } }],
            },
          ],
        }),
    },
    {
      name: "fork-failures",
      about: "So many of a hundred programs cannot be started: the machine has no room for one more.",
      unit: "%",
      from: 0,
      to: 64,
      levelMax: 100,
      promised: 1,
      growthLevels: [2, 4, 8, 16],
      allowed: { commentsPerCard: "constant" },
      load: (level) =>
        rampLoad({
          subject,
          workload: whole,
          stress: [{ seams: ["spawn"], ratePpm: level * 10_000, faults: [{ kind: "spawn-fails", code: "EAGAIN" }] }],
        }),
    },
  ];
}

const fourPlans = {
  epics: [1, 2, 3, 4].map((number) => smallEpic(number, 1)),
  journey: "planning",
} as const;

type Answers = ReturnType<NonNullable<RampWorld["answers"]>>;

function damagePlans(percent: number, damage: (plan: string) => string): Answers {
  return (request, answer) =>
    request.key.endsWith("/plan") && request.draw("damage", 100) < percent && answer.content !== undefined
      ? { ...answer, content: damage(answer.content) }
      : answer;
}

function loosen(plan: string): string {
  return `${plan.replace('"stories"', "stories").slice(0, -1)},}`;
}

function cut(plan: string): string {
  return plan.slice(0, Math.ceil(plan.length / 2));
}
