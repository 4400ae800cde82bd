/** Fingerprints of runs' timelines with the strategies that chose the runs, by column and in order of seeds. */
export interface TimelineColumn {
  readonly fingerprints: string[];
  readonly strategies: string[];
}

export function emptyTimelines(): TimelineColumn {
  return { fingerprints: [], strategies: [] };
}

export function addTimeline(column: TimelineColumn, fingerprint: string, strategy: string): void {
  column.fingerprints.push(fingerprint);
  column.strategies.push(strategy);
}
