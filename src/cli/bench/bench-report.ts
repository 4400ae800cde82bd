import { dirname, resolve } from "node:path";
import { lanes } from "../../bench/lane.ts";
import { gateTable } from "../../bench/thresholds.ts";
import type { Metrics } from "../../bench/verdict.ts";
import { plainLine } from "../../report/plain-line.ts";
import { prepareFolder } from "../atomic-file.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { markdownFence, markdownRows, markdownTable } from "./bench-tables.ts";
import { exitCodeOf, judgeLanes, judgementLines, type LaneVerdict } from "./judge-lanes.ts";
import { ofLane, readMeasured, type Measured } from "./measured-file.ts";
import { commentWriter, fileWriter, stepSummaryWriter, type ReportWriter } from "./report-writers.ts";

export interface ReportFlags {
  readonly md?: string;
  readonly to?: string;
  readonly gate?: boolean;
}

/**
 * `bench report FILE`: what `bench --out` measured, as Markdown, to where people look. That it could not be written there is a
 * warning: the verdict alone decides. @returns the exit code
 */
export async function reportMeasured(
  file: string,
  flags: ReportFlags,
  host: Host,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const writer = writerOf(flags.to ?? "none", environment);
  const measured = await readMeasured(plainLine(file, 200), resolve(host.cwd, file));
  const measuredLanes = lanes.filter((lane) => Object.keys(ofLane(measured.metrics, lane)).length > 0);
  const options = { isWhole: true, isNightly: flags.gate === true };
  const { judged, baselines } = await judgeLanes(measured, measuredLanes, options);
  const markdown = reportOf(measured, baselines, judged);
  if (flags.md !== undefined) {
    prepareFolder("--md", dirname(resolve(host.cwd, flags.md)));
    await fileWriter(host.cwd, flags.md).write(markdown);
  }
  const missed = await writer?.write(markdown);
  if (missed !== undefined) {
    const where = flags.md === undefined ? "" : `; the report is in ${plainLine(flags.md, 200)}`;
    // The form in which GitHub shows a warning on the page of the job.
    host.writeOut(`::warning::${missed}${where}\n`);
  }
  // Nobody goes without it.
  const isElsewhere = flags.md !== undefined || (writer !== undefined && missed === undefined);
  host.writeOut(isElsewhere ? `${judgementLines(judged).join("\n")}\n` : markdown);
  return exitCodeOf(judged, []);
}

function writerOf(to: string, environment: Readonly<Record<string, string | undefined>>): ReportWriter | undefined {
  switch (to) {
    case "none":
      return undefined;
    case "summary":
      return stepSummaryWriter(environment);
    case "comment":
      return commentWriter(environment);
    default:
      throw new UsageError({
        what: `--to ${plainLine(to, 40)}`,
        why: "nothing can be written there",
        fix: "use summary, comment or none",
      });
  }
}

function reportOf({ origin, metrics }: Measured, baselines: Metrics, judged: readonly LaneVerdict[]): string {
  const { at, commit, hostClass, node } = origin;
  const worst = judged.some(({ verdict }) => verdict.kind === "invalid" || verdict.kind === "fail");
  return [
    `## Benchmarks: ${worst ? "look at this" : "nothing got worse"}`,
    "",
    ...markdownFence(judgementLines(judged)),
    "",
    ...markdownTable(metrics, baselines),
    "",
    "<details><summary>What counts as worse</summary>",
    "",
    ...markdownRows(gateTable()),
    "",
    "</details>",
    "",
    `Measured ${at} at ${commit} on ${hostClass}, Node ${node}. Again: \`npm run stormlane -- bench\``,
    "",
  ].join("\n");
}
