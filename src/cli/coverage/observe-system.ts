import { assert } from "../../base/assert.ts";
import type { StrategyName } from "../../explore/explorer.ts";
import { installGuards } from "../../kernel/guards.ts";
import type { ObservedSystem } from "../../review/coverage/module-coverage.ts";
import { modulesOf } from "../../review/coverage/replaced-decisions.ts";
import { loadCatalogue } from "../catalogue.ts";
import { coreMutants } from "./core-mutants.ts";
import { ModuleBodies } from "./module-bodies.ts";
import { PreciseCoverage, type CountedScript } from "./precise-coverage.ts";
import { ScenarioWatcher } from "./scenario-watcher.ts";
import { SystemCode } from "./system-code.ts";
import { isOfSystem, moduleName, urlOfFrame, type SystemUnderTest } from "./system-modules.ts";

export interface CoverageOrder {
  readonly catalogueUrl: string;
  readonly system: SystemUnderTest;
  /** By name. */
  readonly scenarios: readonly string[];
  /** Of each scenario, from 0 on. */
  readonly seeds: number;
  readonly strategy: StrategyName;
}

interface ScenarioRuns {
  readonly scenario: string;
  readonly scripts: readonly CountedScript[];
  readonly watcher: ScenarioWatcher;
}

/** Runs scenarios one after the other and says what of the system ran in each. Loads the system: for a fresh thread. */
export async function observeSystem(order: CoverageOrder): Promise<ObservedSystem> {
  const { system } = order;
  const ofSystem = (url: string): boolean => isOfSystem(system, url);
  const urlOf = (frame: string): string | undefined => {
    const url = urlOfFrame(system, frame);
    return url !== undefined && ofSystem(url) ? url : undefined;
  };
  const coverage = await PreciseCoverage.start(ofSystem);
  const before = await coverage.take();
  assert(
    system.unmodified !== undefined || before.length === 0,
    "no module of the system is loaded before it is counted",
  );
  const catalogue = await loadCatalogue(new URL(order.catalogueUrl));
  installGuards();
  const atLoading = await coverage.take();

  const runs: ScenarioRuns[] = [];
  for (const name of order.scenarios) {
    const watcher = new ScenarioWatcher(urlOf, system.unmodified !== undefined);
    await watcher.watch(catalogue.scenarioWith(name, {}), order.seeds, order.strategy);
    runs.push({ scenario: name, scripts: await coverage.take(), watcher });
  }

  for (const url of system.moduleUrls) await import(new URL(url).href);
  const atEnd = await coverage.take();
  const mutants = system.isCore ? await coreMutants(catalogue) : [];
  const originals = mutants.flatMap(({ replaced }) => replaced.map(({ original }) => original));
  const { scripts: loaded, places } = await coverage.inspect(originals);
  coverage.stop();

  const taken = [...atLoading, ...runs.flatMap(({ scripts }) => scripts), ...atEnd];
  const bodies = system.unmodified === undefined ? undefined : new ModuleBodies(loaded, taken);
  const code =
    bodies === undefined
      ? new SystemCode(system, new Map(loaded.map(({ url, source }) => [url, source])), taken)
      : await unmodifiedCode(system, bodies, taken);
  const stacks = new Map(runs.flatMap(({ watcher }) => [...watcher.stacks]));
  const known = {
    sources: code.modules,
    stacks: [...stacks.values()].map((stack) => stack.map((place) => code.placeOf(place))),
  };
  const homes = places.map((place) => (place === undefined ? undefined : code.functionAt(place)));
  const modulesOfMutants = mutants.map(({ id, replaced }) => ({
    id,
    modules: new Set(
      replaced.flatMap((decision) => modulesOf(decision, homes[originals.indexOf(decision.original)], known)),
    ),
  }));
  return {
    modules: [...code.sources.keys()].map((url) => {
      const module = moduleName(system, url);
      return {
        module,
        lines: code.lines(url),
        writes: runs.flatMap(({ watcher }) => [...(watcher.writes.get(url) ?? [])]),
        ran: runs.map(({ scenario, scripts }) => ({
          scenario,
          lines: code.linesThatRan(url, bodies?.counts(scripts) ?? scripts),
        })),
        mutants: modulesOfMutants.filter(({ modules }) => modules.has(module)).map(({ id }) => id),
      };
    }),
    judged: new Map(runs.map(({ scenario, watcher }) => [scenario, [...watcher.judged].toSorted()])),
    hasMutants: mutants.length > 0,
  };
}

async function unmodifiedCode(
  system: SystemUnderTest,
  bodies: ModuleBodies,
  taken: readonly CountedScript[],
): Promise<SystemCode> {
  assert(system.unmodified !== undefined, "it runs unmodified");
  // Not before it is needed: it brings a compiler along.
  const { writtenLinesOf } = await import("./written-lines.ts");
  const written = writtenLinesOf(system.unmodified, bodies.sources);
  return new SystemCode(system, bodies.sources, bodies.allFunctions(taken), written);
}
