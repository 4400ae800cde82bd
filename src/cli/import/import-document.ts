import type { JsonValue } from "../../base/json.ts";
import type { LoggedFault } from "../../incidents/logged-fault.ts";
import type { PreparedIncident } from "../../incidents/prepare-incident.ts";
import type { LogContents } from "../../incidents/read-logs.ts";
import type { Timeline } from "../../incidents/timeline.ts";
import type { ScriptedFile } from "./scripted-file.ts";
import type { SearchEnd, SmallCase } from "./search-incident.ts";

/** What was found, as it was kept. */
export interface Kept {
  readonly small: SmallCase;
  readonly reproFile: string;
  readonly replayCommand: string;
  readonly scripted: ScriptedFile | undefined;
}

export interface ImportedIncident {
  readonly contents: LogContents;
  readonly timeline: Timeline;
  readonly incident: PreparedIncident;
  readonly why: string;
  readonly search: SearchEnd | undefined;
  readonly found: Kept | undefined;
}

/** `import --json`, without its head. */
export function importDocument({ contents, timeline, incident, why, search, found }: ImportedIncident) {
  const { scenario, workloads, workloadFrom, faults, symptom, otherSymptoms, agreed, faultsLeftOut } = incident;
  return {
    ok: search === undefined || search.finds === 0,
    logs: contents.reports,
    clocks: timeline.clocks,
    events: timeline.events.length,
    partialCase: {
      scenario: scenario.name,
      why,
      workloadFrom: workloadFrom.kind,
      workloads: workloads ?? null,
      agreed,
      faults: faults.map(faultDocument),
      faultsLeftOut,
    },
    symptom,
    otherSymptoms,
    search:
      search === undefined
        ? null
        : {
            runs: search.runs,
            finds: search.finds,
            runsToFirst: search.runsToFirst,
            placed: search.placed,
            causes: search.causes.map(({ cause, finds, share, agreed: agreedInRun }) => ({
              words: cause.words,
              finds,
              share,
              agreed: agreedInRun,
              unseenFaults: cause.unseen.length,
              neededFaults: cause.needed.length,
              needsSchedule: cause.needsSchedule,
              seed: cause.find.seed,
              strategy: cause.find.strategy,
            })),
          },
    found:
      found === undefined
        ? null
        : {
            signature: found.small.signature,
            invariant: found.small.invariant,
            message: found.small.message,
            reproFile: found.reproFile,
            replayCommand: found.replayCommand,
            faults: found.small.case.faults as unknown as JsonValue,
            preemptions: found.small.case.preemptions.length,
            delays: found.small.case.delays.length,
            executions: found.small.shrunk.executions,
            minimal: found.small.shrunk.minimal,
            scripted:
              found.scripted === undefined ? null : { ...found.scripted, firstSeed: found.scripted.firstSeed ?? null },
          },
  };
}

function faultDocument({ words, evidence, specs, menu, seams, operation, after, isDoubtful }: LoggedFault) {
  return {
    words,
    source: evidence.source,
    line: evidence.line,
    atMs: evidence.atMs,
    kinds: [...new Set((menu === undefined ? specs : Object.values(menu).flat()).map(({ kind }) => kind))],
    seams,
    operation: operation === undefined ? null : { name: operation.name, key: operation.key },
    after: after ?? null,
    isDoubtful: isDoubtful === true,
  };
}
