import { mkdirSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { scriptedSource } from "../../incidents/scripted-source.ts";
import { Explorer } from "../../explore/explorer.ts";
import { scripted } from "../../define/scripted.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { plainLine } from "../../report/plain-line.ts";
import type { Case } from "../../sim/case.ts";
import { signatureOf } from "../../sim/outcome.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { builtInCatalogueUrl } from "../catalogue.ts";
import { builtInPrefix, configOfCatalogue } from "../project/find-config.ts";
import { readProject } from "../project/project.ts";
import { UsageError } from "../usage-error.ts";
import { isClone } from "./import-settings.ts";
import type { WatchedRuns } from "./watched-runs.ts";

export interface ScriptedFileOptions {
  /** As the user gave it. */
  readonly file: string;
  readonly cwd: string;
  readonly catalogueUrl: URL;
  readonly scenario: Scenario;
  readonly mutant: string | undefined;
  readonly case: Case;
  readonly runs: WatchedRuns;
  readonly signature: string;
  readonly symptom: string;
}

export interface ScriptedFile {
  readonly name: string;
  /** As the user gave it. */
  readonly file: string;
  /** Of its seeds, from 1: how many were tried, and how many of them failed as the incident did. */
  readonly tried: number;
  readonly failed: number;
  /** The first that did; undefined when none did. */
  readonly firstSeed: number | undefined;
}

/** Writes the incident as a scenario of its own, and says how often its runs show it. */
export async function writeScriptedFile(options: ScriptedFileOptions): Promise<ScriptedFile> {
  const { file, cwd, scenario, signature, symptom } = options;
  const path = resolve(cwd, file);
  const name = nameOf(path);
  const { imports, base } = await baseOf(options, dirname(path));
  const end = await tryOut(scripted(scenario, { name, ...options.case }), signature, options.runs);
  const about = `An incident in ${scenario.name}, from its logs: ${plainLine(symptom, 160)}.`;
  const comment = [
    `What the logs of an incident show, and what the search found behind it: ${plainLine(signature, 160)}.`,
    trialText(end),
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomically(path, scriptedSource({ name, about, case: options.case, imports, base, comment }));
  return { name, file, ...end };
}

/** `scenarios/lost-story/scenario.ts` is `lost-story`, as is `lost-story.ts`. */
function nameOf(path: string): string {
  const stem = basename(path).replace(/\.m?ts$/, "");
  const name = (stem === "scenario" ? basename(dirname(path)) : stem).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return name.replaceAll(/^-+|-+$/g, "") || "incident";
}

interface Base {
  readonly imports: readonly string[];
  readonly base: string;
}

async function baseOf({ catalogueUrl, scenario, mutant, file }: ScriptedFileOptions, folder: string): Promise<Base> {
  const from = (path: string): string => {
    const specifier = relative(folder, path).replaceAll("\\", "/");
    return specifier.startsWith(".") ? specifier : `./${specifier}`;
  };
  if (isClone(catalogueUrl)) {
    const scenarios = fileURLToPath(builtInCatalogueUrl);
    const replacements = mutant === undefined ? "{}" : `{ mutant: ${JSON.stringify(mutant)} }`;
    return {
      imports: [
        `import { scripted } from ${JSON.stringify(from(resolve(dirname(scenarios), "../src/index.ts")))};`,
        `import { scenarioWith } from ${JSON.stringify(from(scenarios))};`,
      ],
      base: `scenarioWith(${JSON.stringify(scenario.name)}, ${replacements})`,
    };
  }
  const source = await sourceOf(catalogueUrl, scenario.name, file);
  return {
    imports: ['import { scripted } from "stormlane";', `import base from ${JSON.stringify(from(source))};`],
    base: "base",
  };
}

async function sourceOf(catalogueUrl: URL, name: string, file: string): Promise<string> {
  const config = configOfCatalogue(catalogueUrl);
  const { scenarioFiles } = config === undefined ? { scenarioFiles: [] } : await readProject(config);
  for (const path of scenarioFiles) {
    const { default: scenario } = (await import(pathToFileURL(path).href)) as { readonly default?: Partial<Scenario> };
    if (scenario?.name === name) return path;
  }
  throw new UsageError({
    what: `--scenario ${plainLine(file, 200)}`,
    why: name.startsWith(builtInPrefix)
      ? `${name} is built in, and its source is no part of the package's door`
      : `no file of this project has the scenario ${plainLine(name, 80)}`,
    fix: "keep the repro file, which replays it all the same",
  });
}

type Trial = Pick<ScriptedFile, "tried" | "failed" | "firstSeed">;

/** How often the scenario's own runs show it. */
export function trialText({ tried, failed, firstSeed }: Trial): string {
  if (firstSeed === undefined) return `None of its first ${tried} seeds shows it: the repro file does.`;
  if (failed === tried) return `Every order of steps that was tried shows it.`;
  return `${failed} of its first ${tried} seeds show it; the first is ${firstSeed}.`;
}

const seedsTriedMin = 20;
const seedsTriedMax = 200;

/** As `stormlane run` does it, until it shows. */
async function tryOut(scenario: Scenario, signature: string, runs: WatchedRuns): Promise<Trial> {
  const explorer = new Explorer(scenario, "portfolio", runs.runNow);
  let failed = 0;
  let firstSeed: number | undefined;
  let seed = 1;
  for (; seed <= seedsTriedMin || (failed === 0 && seed <= seedsTriedMax); seed++) {
    const { verdict } = await inMacrotask(() => {
      const { case: input, exploration } = explorer.plan(seed);
      return runs.runNow(scenario, input, exploration);
    });
    if (signatureOf(verdict) !== signature) continue;
    failed++;
    firstSeed ??= seed;
  }
  return { tried: seed - 1, failed, firstSeed };
}
