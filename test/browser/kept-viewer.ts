import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRepro } from "../../src/cli/repro-file.ts";
import { replayRepro, scenarioOfRepro } from "../../src/cli/replay-repro.ts";
import { replayStory } from "../../src/cli/replay-story.ts";
import { replayViewer } from "../../src/cli/replay-viewer.ts";
import { noPaint } from "../../src/report/paint.ts";
import { loadCatalogue } from "../../src/cli/catalogue.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The viewer of a kept counterexample, as `replay --html` writes it. */
export async function keptViewer(name: string): Promise<string> {
  const target = `reports/corpus/${name}.json`;
  const repro = readRepro(join(root, target), target);
  const catalogue = await loadCatalogue(new URL("../../scenarios/index.ts", import.meta.url));
  const scenario = scenarioOfRepro(repro, target, catalogue);
  const { outcome, result } = await replayRepro(scenario, repro);
  const replayCommand = `npm run stormlane -- replay ${target}`;
  const told = { target, isFile: true, host: { cwd: root }, flags: {}, scenario, repro, outcome };
  const story = replayStory({ ...told, untilEvent: undefined, explanation: undefined, paint: noPaint });
  return replayViewer({ scenario, repro, outcome, result, replayCommand, story });
}
