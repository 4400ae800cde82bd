import type { Paint } from "../../report/paint.ts";
import type { Host } from "../host.ts";
import { PlainProgress, type Progress } from "../progress.ts";
import type { CampaignControls } from "./campaign-controls.ts";
import type { LiveFailure, LivePlan } from "./live-totals.ts";

export interface ProgressOptions {
  readonly host: Host;
  readonly plan: LivePlan;
  readonly controls: CampaignControls;
  /** The story of a failure, for the key that asks for it. */
  readonly tell: (failure: LiveFailure, paint: Paint) => Promise<readonly string[]>;
}

/** Where somebody watches, a block that is drawn anew, with keys. Else a line now and then. */
export async function startProgress(options: ProgressOptions): Promise<Progress> {
  const { host, plan, controls } = options;
  const { terminal } = host;
  if (!host.errorIsTerminal || terminal === undefined) return new PlainProgress(host, plan, controls.stopwatch);
  const { LiveProgress } = await import("./live-progress.ts");
  return new LiveProgress(options, terminal);
}
