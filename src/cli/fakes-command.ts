import { resolve } from "node:path";
import { defaultApiToken } from "../serving/board-setup.ts";
import { JournalFile } from "../serving/journal-file.ts";
import { readScenarioFile, ScenarioMistake, type ScenarioFile } from "../serving/scenario-file.ts";
import { PortTaken, startServing, type Serving, type ServingPorts } from "../serving/serving.ts";
import { ServingClock } from "../serving/serving-clock.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { readInteger, readSpeed, wrongValue } from "./option-values.ts";
import { ownVersion } from "./own-package.ts";
import { UsageError } from "./usage-error.ts";

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** `stormlane fakes serve`: serves until it is interrupted. @returns the exit code */
export async function serveFakes(flags: Flags, host: Host): Promise<number> {
  const settings = await readSettings(flags, host);
  const serving = await start(settings);
  const interruption = host.takeInterruptions();
  host.writeOut(
    flags["json"] === true ? `${JSON.stringify(addresses(serving, settings))}\n` : welcome(serving, settings),
  );
  await interrupted(interruption);
  await serving.close();
  return tellEnd(serving, host);
}

interface Settings {
  readonly ports: ServingPorts;
  readonly scenario: ScenarioFile;
  readonly scenarioName: string;
  readonly seed: number;
  readonly speed: number;
  readonly journal: string | undefined;
}

async function readSettings(flags: Flags, host: Host): Promise<Settings> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  const port = (name: string): number => readInteger(`--${name}`, text(name) ?? "0", { min: 0, max: 65_535 });
  const ports = { board: port("kanboard"), model: port("llm"), control: port("control") };
  const fixed = Object.values(ports).filter((each) => each !== 0);
  const twice = fixed.find((each, index) => fixed.indexOf(each) !== index);
  if (twice !== undefined) throw wrongValue("port", String(twice), "given twice", "use another, or 0 for any free one");
  const seed = readInteger("--seed", text("seed") ?? "1", { min: 0, max: Number.MAX_SAFE_INTEGER });
  const speed = readSpeed(text("speed") ?? "1");
  const scenarioName = text("scenario") ?? "";
  const scenario = scenarioName === "" ? {} : await readScenario(scenarioName, host.cwd);
  const journal = text("journal");
  return {
    ports,
    scenario,
    scenarioName,
    seed,
    speed,
    journal: journal === undefined ? undefined : resolve(host.cwd, journal),
  };
}

async function readScenario(path: string, cwd: string): Promise<ScenarioFile> {
  try {
    return await readScenarioFile(resolve(cwd, path));
  } catch (error) {
    throw asUsage(error, { journal: undefined });
  }
}

async function start(settings: Settings): Promise<Serving> {
  const { journal, speed, ...options } = settings;
  try {
    return await startServing({
      ...options,
      version: ownVersion(),
      clock: new ServingClock({ speed }),
      ...(journal === undefined ? {} : { journalFile: (header) => JournalFile.create(journal, header) }),
    });
  } catch (error) {
    throw asUsage(error, settings);
  }
}

function asUsage(error: unknown, { journal }: Pick<Settings, "journal">): unknown {
  if (error instanceof ScenarioMistake) return new UsageError(error);
  if (error instanceof PortTaken) {
    const why = error.code === "EADDRINUSE" ? "another process listens on it" : `cannot be had (${error.code})`;
    const what = `${portOptions[error.service]} ${error.port}`;
    return new UsageError({ what, why, fix: "use another port, or 0 for any free one" });
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (journal !== undefined && syscall === "open") {
    const why = `cannot be written (${code ?? "unknown"})`;
    return new UsageError({ what: `--journal ${journal}`, why, fix: "name a file in a folder that is there" });
  }
  return error;
}

const portOptions: Readonly<Record<keyof ServingPorts, string>> = {
  board: "--kanboard",
  model: "--llm",
  control: "--control",
};

/** Where everything is, as one JSON document. Members are added, never renamed, while `version` is 1. */
function addresses(serving: Serving, { scenario, journal }: Settings): object {
  const { board, model, control } = serving.ports;
  return {
    version: 1,
    command: "fakes serve",
    stormlane: ownVersion(),
    pid: process.pid,
    kanboard: {
      port: board,
      url: `${origin(board)}/jsonrpc.php`,
      user: "jsonrpc",
      apiToken: scenario.board?.apiToken ?? defaultApiToken,
    },
    llm: { port: model, url: origin(model), apiKey: scenario.model?.apiKey ?? defaultModelKey },
    control: { port: control, url: origin(control) },
    journal: journal ?? null,
  };
}

const defaultModelKey = "stormlane";

function welcome(serving: Serving, { scenario, journal }: Settings): string {
  const { board, model, control } = serving.ports;
  const key = scenario.model?.apiKey ?? defaultModelKey;
  const lines = [
    `Kanboard  ${origin(board)}/jsonrpc.php  user jsonrpc, token ${scenario.board?.apiToken ?? defaultApiToken}`,
    `models    ${origin(model)}`,
    `control   ${origin(control)}`,
    ...(journal === undefined ? [] : [`journal   ${journal}`]),
    "",
    "For clients that read the environment:",
    `  export KANBOARD_URL=${origin(board)}/jsonrpc.php KANBOARD_API_TOKEN=${scenario.board?.apiToken ?? defaultApiToken}`,
    `  export OPENAI_BASE_URL=${origin(model)}/v1 OPENAI_API_KEY=${key}`,
    `  export ANTHROPIC_BASE_URL=${origin(model)} ANTHROPIC_API_KEY=${key}`,
    `  export OLLAMA_HOST=${origin(model)}`,
    `  export GOOGLE_GEMINI_BASE_URL=${origin(model)} GEMINI_API_KEY=${key}`,
    "",
    "Ctrl-C ends it.",
  ];
  return `${lines.join("\n")}\n`;
}

function origin(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function interrupted(signal: AbortSignal): Promise<unknown> {
  return new Promise((stopped) => {
    if (signal.aborted) stopped(undefined);
    else signal.addEventListener("abort", stopped, { once: true });
  });
}

/** What a client asked for and did not get is a failure of the run: it would else go unseen. */
function tellEnd({ fakes }: Serving, host: Host): number {
  const { problems, journal } = fakes;
  if (journal.failed !== undefined) {
    host.writeError(`stormlane: the journal is not complete: writing failed (${journal.failed})\n`);
    return exitCodes.broken;
  }
  if (problems.count === 0) return exitCodes.held;
  for (const { kind, service, what, file, count } of problems.list()) {
    const fix = kind === "unmodelled" ? `extend ${file}` : "the fake or its script failed";
    host.writeError(`stormlane: ${service}: ${what}: ${kind}, ${count} times; ${fix}\n`);
  }
  return exitCodes.failed;
}
