import { z } from "zod";
import { count, exitCode, head, milliseconds, seed, shareInterval } from "./document-parts.ts";

const place = z.object({ source: z.string().describe("the log, by its name"), line: count });

const log = z.object({
  name: z.string(),
  forms: z.array(z.object({ form: z.string(), entries: count })).describe("what it was taken for"),
  entries: count,
  used: count,
  notNeeded: count.describe("known entries that say nothing of an incident"),
  dropped: z.array(z.object({ why: z.string(), entries: count, first: z.array(count).describe("the first lines") })),
  unordered: count,
});

const symptom = z.object({
  invariants: z.array(z.string()).describe("any of them"),
  place: z.array(z.string()).describe("words that the place of the violation has"),
  from: z.string().describe("how it is known"),
});

const loggedFault = place.extend({
  words: z.string(),
  atMs: z.number().describe("since 1970; of spans since the process began"),
  kinds: z.array(z.string()).describe("faults that look so"),
  seams: z.array(z.string()).describe("where it may have struck; anywhere when empty"),
  operation: z.object({ name: z.string(), key: z.string() }).nullable(),
  after: z.object({ name: z.string(), fields: z.record(z.string(), z.json()), occurrence: count }).nullable(),
  isDoubtful: z.boolean().describe("known by its consequence alone"),
});

const cause = z.object({
  words: z.array(z.string()),
  finds: count,
  share: shareInterval.describe("of all finds that were looked into"),
  agreed: count.describe("events that the orchestrator said as in the logs"),
  unseenFaults: count.describe("faults that no log shows"),
  neededFaults: count.describe("faults of the logs without which the symptom stays away"),
  needsSchedule: z.boolean(),
  seed,
  strategy: z.string(),
});

/** `import --json`. */
export const importSchema = z.object({
  ...head("import"),
  ok: z.boolean().describe("the symptom was not found"),
  exitCode,
  logs: z.array(log),
  clocks: z.array(z.object({ source: z.string(), shiftMs: z.number(), commonMoments: count, spreadMs: milliseconds })),
  events: count,
  partialCase: z.object({
    scenario: z.string(),
    why: z.string(),
    workloadFrom: z.enum(["given", "logs", "scenario"]),
    workloads: z.array(z.json()).nullable().describe("those that the logs allow; null: the scenario's own"),
    agreed: count.describe("events that the orchestrator said as it says them undisturbed"),
    faults: z.array(loggedFault),
    faultsLeftOut: count.describe("earlier ones, of logs that show more than a case can hold"),
  }),
  symptom,
  otherSymptoms: z.array(symptom),
  search: z
    .object({
      runs: count,
      finds: count,
      runsToFirst: count.describe("0 without any find"),
      placed: z.array(count).describe("in how many runs each fault of the logs came about"),
      causes: z.array(cause).describe("first those whose runs went longest as the logs do, then the most frequent"),
    })
    .nullable()
    .describe("null with --no-search"),
  found: z
    .object({
      signature: z.string(),
      invariant: z.string(),
      message: z.string(),
      reproFile: z.string(),
      replayCommand: z.string(),
      faults: z.array(z.json()),
      preemptions: count,
      delays: count,
      executions: count,
      minimal: z.boolean(),
      scripted: z
        .object({ name: z.string(), file: z.string(), tried: count, failed: count, firstSeed: seed.nullable() })
        .nullable(),
    })
    .nullable(),
});
