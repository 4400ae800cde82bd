import type { Meters, Tally } from "./meters.ts";

/** A figure of a run that may grow with its load. */
export interface Figure {
  readonly name: FigureName;
  readonly unit: string;
  /** Of calls and other work: growing faster than the load is a finding unless a ramp says otherwise. */
  readonly read: (meters: Meters) => number;
}

export const figureNames = [
  "boardCalls",
  "boardCallsPerCard",
  "boardCallsPerTick",
  "modelCalls",
  "programs",
  "commentsPerCard",
  "retriesPerCard",
  "filesKept",
  "traceFilesKept",
  "traceBytes",
  "logEvents",
  "ops",
  "waitMs",
  "virtualMs",
] as const;
export type FigureName = (typeof figureNames)[number];

const figureTable: Readonly<Record<FigureName, Omit<Figure, "name">>> = {
  boardCalls: { unit: "calls", read: ({ boardCalls }) => boardCalls },
  boardCallsPerCard: { unit: "calls", read: ({ boardCallsByCard }) => most(boardCallsByCard) },
  boardCallsPerTick: { unit: "calls", read: ({ boardCallsByTick }) => most(boardCallsByTick) },
  modelCalls: { unit: "calls", read: ({ modelCalls }) => modelCalls },
  programs: { unit: "programs", read: ({ programsStarted }) => programsStarted },
  commentsPerCard: { unit: "comments", read: ({ commentsByCard }) => most(commentsByCard) },
  retriesPerCard: { unit: "attempts", read: ({ retriesByCard }) => most(retriesByCard) },
  filesKept: { unit: "files", read: ({ filesKept }) => filesKept },
  traceFilesKept: { unit: "files", read: ({ traceFilesKept }) => traceFilesKept },
  traceBytes: { unit: "bytes", read: ({ traceBytesWritten }) => traceBytesWritten },
  logEvents: { unit: "entries", read: ({ logEvents }) => logEvents },
  ops: { unit: "operations", read: ({ ops }) => ops },
  waitMs: { unit: "ms", read: ({ waitMsByCard }) => most(waitMsByCard) },
  virtualMs: { unit: "ms", read: ({ virtualMs }) => virtualMs },
};

export const figures: readonly Figure[] = figureNames.map((name) => ({ name, ...figureTable[name] }));

export function figureOf(name: FigureName): Figure {
  return { name, ...figureTable[name] };
}

function most(tally: Tally): number {
  return Math.max(0, ...tally.values());
}
