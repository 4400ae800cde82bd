import type { LimitsReport } from "../../limits/report.ts";
import { limits } from "../limits/limits-command.ts";
import type { EvidenceOptions } from "./campaign-evidence.ts";

/** All ramps and explicit limits, as `stormlane limits` has them; nothing of what the machine measures. */
export async function limitsEvidence({ host }: EvidenceOptions): Promise<Omit<LimitsReport, "real">> {
  let printed = "";
  const writeOut = (text: string): void => {
    printed += text;
  };
  await limits([], { json: true, real: false }, { ...host, writeOut });
  return JSON.parse(printed) as LimitsReport;
}
