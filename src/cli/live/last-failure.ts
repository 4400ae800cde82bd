import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Paint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import { runCase } from "../../sim/run-case.ts";
import { failureStory } from "../failure-story.ts";
import { replayCommand, type CommandPlace } from "../own-package.ts";
import { readRepro } from "../repro-file.ts";
import type { LiveFailure } from "./live-totals.ts";

export interface TellOptions {
  readonly host: CommandPlace;
  /** As it is printed; absent when the failure left nothing but its seed. */
  readonly reproFile: string | undefined;
  readonly paint: Paint;
}

/** The story of a failure while its campaign goes on: of the case that its file has by now, which may get smaller yet. */
export async function tellFailure(
  { scenario, failure }: LiveFailure,
  { host, reproFile, paint }: TellOptions,
): Promise<string[]> {
  const { cwd } = host;
  const title = `FAILED  ${scenario.name}, seed ${failure.seed}: ${failure.signature}`;
  if (reproFile === undefined || !existsSync(resolve(cwd, reproFile))) {
    return [paint.bad(plainLine(title, 240)), `  broken    ${plainLine(failure.message, 600)}`];
  }
  const input = readRepro(resolve(cwd, reproFile), reproFile).case;
  const outcome = await runCase(scenario, input);
  const command = replayCommand(host, reproFile, true);
  const story = failureStory({ title, failure, input, outcome, shrunk: undefined, replayCommand: command, paint });
  const viewer = reproFile.replace(/\.json$/, ".html");
  return existsSync(resolve(cwd, viewer)) ? [...story, `  viewer: ${plainLine(viewer, 240)}`] : story;
}
