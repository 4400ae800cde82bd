import { resolve } from "node:path";
import { checkClaim, parseClaim } from "../../bench/claim.ts";
import { thresholdOf } from "../../bench/thresholds.ts";
import { evaluate } from "../../bench/verdict.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines } from "../../report/table.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { markdownFence, markdownTable, signedPercent, textTable, verdictLines } from "./bench-tables.ts";
import { readMeasured } from "./measured-file.ts";

export interface CompareFlags {
  readonly markdown?: string;
}

/** `bench compare BEFORE AFTER`. @returns the exit code */
export async function compareMeasured(
  files: { readonly before: string; readonly after: string },
  flags: CompareFlags,
  host: Host,
): Promise<number> {
  const before = await readMeasured(files.before, resolve(host.cwd, files.before));
  const after = await readMeasured(files.after, resolve(host.cwd, files.after));
  const verdict = evaluate(after.metrics, before.metrics, thresholdOf);
  const surroundings = (["commit", "hostClass", "node", "operatingSystem", "at"] as const).map((key) => [
    key,
    before.origin[key],
    after.origin[key],
  ]);
  const titles = [{ title: "" }, { title: "before" }, { title: "after" }];
  const lines = [...verdictLines(verdict), "", ...tableLines(titles, surroundings)];
  if (flags.markdown !== undefined) {
    const text = [...markdownTable(after.metrics, before.metrics), "", ...markdownFence(lines), ""].join("\n");
    writeFileAtomically(resolve(host.cwd, flags.markdown), text);
  }
  host.writeOut([...textTable(after.metrics, before.metrics), "", ...lines, ""].join("\n"));
  return verdict.kind === "fail" || verdict.kind === "invalid" ? exitCodes.failed : exitCodes.held;
}

export interface ClaimFlags {
  readonly before: string;
  readonly after: string;
}

/** `bench claim "METRIC -60 %"`: whether two measurements bear out what somebody wrote. @returns the exit code */
export async function holdClaim(text: string, flags: ClaimFlags, host: Host): Promise<number> {
  const claim = parseClaim(text);
  if (claim === undefined) {
    const fix = 'write a metric and a signed percentage, as "board calls: calls in all runs -60 %"';
    throw new UsageError({ what: `claim ${plainLine(text, 80)}`, why: "not a claim", fix });
  }
  const before = await readMeasured(`--before ${flags.before}`, resolve(host.cwd, flags.before));
  const after = await readMeasured(`--after ${flags.after}`, resolve(host.cwd, flags.after));
  const result = checkClaim(claim, before.metrics, after.metrics);
  if (result.kind === "unknown") {
    throw new UsageError({ what: `claim ${claim.metric}`, why: result.why, fix: "measure it on both sides" });
  }
  host.writeOut(
    `${result.kind}: ${plainLine(claim.metric, 200)} changed by ${signedPercent(result.measuredPercent)}\n`,
  );
  return result.kind === "true" ? exitCodes.held : exitCodes.failed;
}
