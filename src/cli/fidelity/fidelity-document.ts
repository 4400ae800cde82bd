import type { FidelityResult } from "../../fidelity/fidelity.ts";
import { ownVersion } from "../own-package.ts";
import type { FidelityCase } from "./fidelity-case.ts";
import type { FidelitySettings } from "./fidelity-settings.ts";
import { plainSubject } from "./fidelity-lines.ts";

/** What `--json` prints. */
export function fidelityDocument(
  { differences, runs, facts, helpedWith }: FidelityResult,
  { systemFile, config }: FidelitySettings,
  { seed, workload }: FidelityCase,
  wallMs: number,
): object {
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "fidelity",
    ok: differences.length === 0,
    system: systemFile,
    processes: Object.keys(config.processes),
    seed,
    workload,
    forMs: config.forMs,
    facts,
    runs,
    helpedWith,
    differences: differences.map(({ aspect, process, subject, values, odd, hint }) => ({
      aspect,
      process: process === "" ? null : process,
      subject: plainSubject(subject),
      values,
      odd,
      hint,
    })),
    wallMs,
  };
}
