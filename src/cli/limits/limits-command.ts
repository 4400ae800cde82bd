import { limitEdges, limitsWithoutEdge } from "../../../scenarios/ramps/limit-edges.ts";
import { builtInRamps } from "../../../scenarios/ramps/built-in-ramps.ts";
import { builtInMutants } from "../../../scenarios/mutants/built-in-mutants.ts";
import type { RampSubject } from "../../../scenarios/ramps/ramp-world.ts";
import { buildReport, type Commands } from "../../limits/build-report.ts";
import type { Budgets } from "../../limits/budgets/budgets.ts";
import { defaultBudgets } from "../../limits/budgets/default-budgets.ts";
import { withBudgets } from "../../limits/budgets/with-budgets.ts";
import { climb, type Climb } from "../../limits/climb.ts";
import { observeLoad } from "../../limits/observe-load.ts";
import type { Ramp } from "../../limits/ramp.ts";
import type { LimitFinding, LimitsReport, RealReport } from "../../limits/report.ts";
import { scenarioRamps } from "../../limits/scenario-ramps.ts";
import { tryLimit, type LimitTrial } from "../../limits/try-limit.ts";
import { runCase } from "../../sim/run-case.ts";
import { loadCatalogue, type Catalogue } from "../catalogue.ts";
import { exitCodes } from "../exit-codes.ts";
import { findMutant } from "../find-scenario.ts";
import type { Host } from "../host.ts";
import { commandLine, ownVersion, systemArguments } from "../own-package.ts";
import { builtInPrefix } from "../project/find-config.ts";
import { isSystemUrl } from "../system/system-url.ts";
import { UsageError } from "../usage-error.ts";
import { levelLines, levelDocument } from "./level-lines.ts";
import {
  choose,
  limitPrefix,
  readSettings,
  topOf,
  type Chosen,
  type LimitsFlags,
  type LimitsSettings,
} from "./limits-settings.ts";
import { limitsMarkdown, limitsText, listText } from "./limits-text.ts";
import { measureMemory, memoryRamp } from "./memory-growth.ts";
import { ProcessorTime } from "./processor-time.ts";
import { suggest } from "./suggest-budgets.ts";

/** `stormlane limits`: what load the system bears, and which limits hold it back. @returns the exit code */
export async function limits(names: readonly string[], flags: LimitsFlags, host: Host): Promise<number> {
  if (flags.suggest === true) return suggest(names, flags, host);
  if (flags.headroom !== undefined) {
    throw new UsageError({ what: "--headroom", why: "only budgets have it", fix: "add --suggest, or leave it out" });
  }
  const settings = readSettings(flags);
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const mutant = flags.mutant === undefined ? undefined : findMutant(catalogue, flags.mutant).id;
  const all = isSystemUrl(host.catalogueUrl)
    ? { ramps: ownRamps(catalogue), edges: [] }
    : candidates(catalogue, mutant, names.length > 0);
  const chosen = choose(names, all, settings);
  if (flags.list === true) {
    host.writeOut(settings.format === "json" ? `${JSON.stringify(listDocument(chosen))}\n` : listText(chosen));
    return exitCodes.held;
  }
  const commands = commandsOf(host, mutant);
  if (settings.level !== undefined) return showLevel(chosen, settings, settings.level, host);
  const report = await measure(chosen, settings, { commands, progress: host.writeError });
  write(report, settings, host);
  return report.ok ? exitCodes.held : exitCodes.failed;
}

/** In a project of a user's: its own scenarios, and those of the core when they are named. */
function candidates(catalogue: Catalogue, mutant: string | undefined, isNamed: boolean): Chosen {
  const isProject = (catalogue.furtherScenarios ?? []).some(({ name }) => name.startsWith(builtInPrefix));
  const subject = subjectOf(mutant);
  const { budgets = defaultBudgets } = catalogue;
  const core = {
    ramps: builtInRamps(subject).map((ramp) => budgeted(ramp, budgets)),
    edges: limitEdges(subject),
  };
  if (!isProject) return core;
  const ramps = ownRamps(catalogue);
  const prefixed = core.ramps.map((ramp) => ({ ...ramp, name: `${builtInPrefix}${ramp.name}` }));
  // A mutant is one of the core.
  if (mutant !== undefined) return { ramps: prefixed, edges: core.edges };
  return isNamed ? { ramps: [...ramps, ...prefixed], edges: core.edges } : { ramps, edges: [] };
}

function ownRamps({ builtInScenarios, budgets }: Catalogue): Ramp[] {
  return builtInScenarios.flatMap(scenarioRamps).map((ramp) => budgeted(ramp, budgets));
}

/** Over a budget the system degrades, wherever else it holds. */
function budgeted(ramp: Ramp, budgets: Budgets | undefined): Ramp {
  return {
    ...ramp,
    load(level, seed) {
      const load = ramp.load(level, seed);
      return { ...load, scenario: withBudgets(load.scenario, budgets) };
    },
  };
}

function subjectOf(mutant: string | undefined): RampSubject {
  const found = builtInMutants.find(({ id }) => id === mutant);
  return found === undefined ? {} : { vary: (policies) => found.apply(policies) };
}

function commandsOf(host: Host, mutant: string | undefined): Commands {
  const withMutant = mutant === undefined ? [] : ["--mutant", mutant];
  const line = (args: readonly string[]): string =>
    commandLine(host.cwd, ["limits", ...args, ...withMutant, ...systemArguments(host)]);
  return {
    level: (ramp, level, seed) => line([ramp, "--level", String(level), "--seed", String(seed)]),
    limit: (name) => line([`${limitPrefix}${name}`]),
    ramp: (name) => line([name]),
  };
}

async function measure(
  { ramps, edges }: Chosen,
  { seeds, firstSeed, rampMax, isReal }: LimitsSettings,
  { commands, progress }: { readonly commands: Commands; readonly progress: (text: string) => void },
): Promise<LimitsReport> {
  const climbs: Climb[] = [];
  const real: RealReport[] = [];
  const memory: LimitFinding[] = [];
  for (const ramp of ramps) {
    const to = topOf(ramp, rampMax);
    const times = new ProcessorTime(runCase);
    let runs = 0;
    const onRun = (level: number): void => {
      runs++;
      times.note(level);
    };
    const gone = await climb(ramp, { runCase: times.runCase, seeds, firstSeed, to, onRun });
    climbs.push(gone);
    progress(`${ramp.name}: ${runs} runs\n`);
    if (!isReal) continue;
    real.push(...times.reports(ramp.name, gone.measured));
    if (ramp.name !== memoryRamp) continue;
    const { report, findings } = await measureMemory(ramp, firstSeed, commands);
    real.push(report);
    memory.push(...findings);
  }
  const trials: LimitTrial[] = [];
  for (const edge of edges) trials.push(await tryLimit(edge, firstSeed, runCase));
  if (edges.length > 0) progress(`explicit limits: ${edges.length}, both sides of each edge\n`);
  const untried = edges.length > 1 ? limitsWithoutEdge : {};
  const report = buildReport({ seeds, firstSeed, climbs, trials, untried, commands });
  if (!isReal) return report;
  const findings = [...report.findings, ...memory];
  return { ...report, ok: findings.length === 0, findings, real };
}

/** One run, as one line of the report was made of. */
async function showLevel(
  { ramps: [ramp] }: Chosen,
  { firstSeed: seed, format }: LimitsSettings,
  level: number,
  host: Host,
): Promise<number> {
  const observation = await observeLoad(ramp!.load(level, seed), {
    seed,
    runCase,
    level,
    budgets: ramp!.budgets ?? [],
  });
  const shown = { ramp: ramp!, level, seed, observation };
  host.writeOut(format === "json" ? `${JSON.stringify(levelDocument(shown))}\n` : `${levelLines(shown).join("\n")}\n`);
  return observation.verdict === "holds" ? exitCodes.held : exitCodes.failed;
}

function write(report: LimitsReport, { format }: LimitsSettings, host: Host): void {
  if (format === "json") {
    const { version, ...rest } = report;
    host.writeOut(`${JSON.stringify({ version, stormlane: ownVersion(), command: "limits", ...rest })}\n`);
  } else host.writeOut(format === "markdown" ? limitsMarkdown(report) : limitsText(report));
}

function listDocument({ ramps, edges }: Chosen): object {
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "limits",
    ramps: ramps.map(({ name, about, unit, from, to, levelMax, promised }) => ({
      name,
      about,
      unit,
      from,
      to,
      levelMax,
      promised,
    })),
    limits: edges.map(({ name, limit, about, unit }) => ({ name: `${limitPrefix}${name}`, limit, about, unit })),
  };
}
