import { CampaignSaturation, type CampaignProgress } from "./saturation.ts";
import { addTimeline, emptyTimelines } from "./timeline-column.ts";

/** The timeline of one run, as it is kept. */
export interface RecordedTimeline {
  readonly seed: number;
  readonly timeline: string;
  readonly strategy: string;
}

/** How far a search has come. @param timelines in order of seeds */
export function progressOf(timelines: Iterable<RecordedTimeline>): CampaignProgress {
  const saturation = new CampaignSaturation();
  let column = emptyTimelines();
  for (const { timeline, strategy } of timelines) {
    addTimeline(column, timeline, strategy);
    if (column.fingerprints.length < runsAtOnce) continue;
    saturation.add(column);
    column = emptyTimelines();
  }
  saturation.add(column);
  return saturation.progress();
}

const runsAtOnce = 1_000;
