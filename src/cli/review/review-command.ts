import { join } from "node:path";
import { installGuards } from "../../kernel/guards.ts";
import { briefOf } from "../../review/brief/brief.ts";
import { briefMarkdown } from "../../review/brief/markdown.ts";
import { briefPage } from "../../review/brief/page.ts";
import { reviewOf, type Review } from "../../review/review.ts";
import { noPaint } from "../../report/paint.ts";
import { prepareFolder, writeFileAtomically } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import type { RunFlags } from "../run-settings.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { loadCoreRules } from "./core-rules.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { reviewDocument } from "./review-document.ts";
import { readReviewSettings, type ReviewSettings } from "./review-settings.ts";
import { reviewLines } from "./review-summary.ts";

/** `stormlane review`: the release brief. @returns the exit code */
export async function review(names: readonly string[], flags: RunFlags, host: Host): Promise<number> {
  const settings = await readReviewSettings(names, flags, host);
  prepareFolder("--out", settings.run.outPath);
  const interrupted = host.takeInterruptions();
  installGuards();
  const coreRules = await loadCoreRules();
  const evidence = await gatherEvidence({ settings, host, interrupted, coreRules });
  if (interrupted.aborted) {
    host.writeError("review: interrupted, so that there is no brief; failures that were found are kept\n");
    return exitCodes.interrupted;
  }
  const reviewed = reviewOf(evidence);
  const exitCode = reviewed.verdict.kind === "not ready" ? exitCodes.failed : exitCodes.held;
  writeBriefs(reviewed, exitCode, settings);
  if (settings.json) host.writeOut(`${JSON.stringify(reviewDocument(reviewed, exitCode))}\n`);
  else {
    const paint = host.outIsTerminal ? terminalPaint : noPaint;
    host.writeOut(`${reviewLines(reviewed, settings.run.outFolder, paint).join("\n")}\n`);
  }
  return exitCode;
}

function writeBriefs(reviewed: Review, exitCode: number, { run }: ReviewSettings): void {
  const brief = briefOf(reviewed);
  const write = (name: string, text: string): void => writeFileAtomically(join(run.outPath, name), text);
  write("review.md", briefMarkdown(brief));
  write("review.html", briefPage(brief));
  write("review.json", `${JSON.stringify(reviewDocument(reviewed, exitCode), undefined, 2)}\n`);
}
