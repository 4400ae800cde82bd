import { plainLine } from "../../report/plain-line.ts";
import { noPaint } from "../../report/paint.ts";
import { loadCatalogue, type Catalogue } from "../catalogue.ts";
import { findMutant } from "../find-scenario.ts";
import type { Host } from "../host.ts";
import { runToVerdict } from "../run.ts";
import { chooseScenarios, type RunFlags } from "../run-settings.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { withSystem } from "../system/system-url.ts";
import { UsageError } from "../usage-error.ts";
import { replayKeptFailures } from "./kept-failures.ts";
import { readWatchedCode } from "./read-watched-code.ts";
import type { RoundEnd } from "./watch-state.ts";
import type { Targets, WatchedCode } from "./watched-code.ts";

/** What a round is to do. Plain data: it goes to another process. */
export interface RoundOrder {
  /** As on the command line. */
  readonly names: readonly string[];
  readonly flags: RunFlags;
  readonly targets: Targets;
}

export type RoundMessage =
  | { readonly kind: "loaded"; readonly code: WatchedCode }
  | { readonly kind: "ended"; readonly end: RoundEnd };

/** One round, in a process that has loaded nothing yet: what failed before comes first. */
export async function runRound(
  order: RoundOrder,
  ownHost: Host,
  tell: (message: RoundMessage) => void,
): Promise<RoundEnd> {
  const { names, flags, targets } = order;
  const host = withSystem(ownHost, flags["system"] as string | undefined);
  const catalogue = await loadCatalogue(host.catalogueUrl);
  try {
    const mutant = typeof flags["mutant"] === "string" ? findMutant(catalogue, flags["mutant"]) : undefined;
    const chosen = chooseScenarios(catalogue, names, mutant?.scenario);
    tell({ kind: "loaded", code: await readWatchedCode(host.catalogueUrl, chosen) });
    const wanted = targets === "all" ? chosen : chosen.filter((name) => targets.includes(name));
    // A scenario that has another name now is looked for in vain.
    const ran = wanted.length === 0 ? chosen : wanted;
    const failing = await replayKept(ran, catalogue, order, host);
    const { exitCode, problems } = await runToVerdict(ran, flags, host);
    const failed = ran.filter((name) => failing.has(name) || problems.some(({ scenario }) => scenario === name));
    return { kind: "done", exitCode: exitCode === 0 && failed.length > 0 ? 1 : exitCode, ran, failed };
  } catch (error) {
    if (error instanceof UsageError) return { kind: "refused", why: error.message };
    throw error;
  }
}

/** Tells of each on a line. @returns the scenarios of those that still fail */
async function replayKept(
  scenarios: readonly string[],
  catalogue: Catalogue,
  { flags }: RoundOrder,
  host: Host,
): Promise<ReadonlySet<string>> {
  const paint = host.outIsTerminal ? terminalPaint : noPaint;
  const { mutant, out: outFolder } = flags as Readonly<Record<string, string | undefined>>;
  const failing = new Set<string>();
  for await (const kept of replayKeptFailures({ cwd: host.cwd, catalogue, outFolder, scenarios, mutant })) {
    if (kept.fails) failing.add(kept.scenario);
    const line = plainLine(`kept  ${kept.file}: ${kept.text}`, 400);
    host.writeOut(`${(kept.fails ? paint.bad : paint.good)(line)}\n`);
  }
  return failing;
}
