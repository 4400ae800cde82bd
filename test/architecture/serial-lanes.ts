/** A lane whose tests share something of the machine: one test file after the other, and none beside it. */
export interface SerialLane {
  /** Of package.json. */
  readonly script: string;
  readonly config: string;
  readonly tests: string;
  readonly shares: string;
}

export const serialLanes: readonly SerialLane[] = [
  lane("browser", "test/browser", "the one browser that is measured"),
  lane("terminal", "test/terminal", "the server of tmux, and the keyboard of a screen"),
  lane("redis", "test/redis", "ports: a free one is asked for first, and taken afterwards"),
  lane("clients", "test/clients", "the patience of real agents, which give up on a machine that is busy"),
  lane("package", "test/package/installed", "the build in dist/, npm's cache, and the Nodes below node_modules/.cache"),
];

function lane(name: string, folder: string, shares: string): SerialLane {
  return { script: `test:${name}`, config: `${folder}/vitest.config.ts`, tests: folder, shares };
}

/** Ways to run tests at the same time: flags, settings and variables of vitest and others, and those of the shell. */
const parallelWays: readonly RegExp[] = [
  /--(?:test-)?concurrency\b/,
  /--(?:parallel|maxWorkers|max-workers|minWorkers|min-workers|maxConcurrency|max-concurrency|jobs|numprocesses)\b/,
  /--(?:fileParallelism|file-parallelism)(?![= ]false)\b/,
  /--(?:poolOptions|sequence\.concurrent)\b/,
  /(?<=\s)-(?:w|n|j|P|p) ?\d+\b/,
  /--workers\b/,
  /\bVITEST_(?:MAX|MIN)_\w+/,
  /\b(?:maxWorkers|minWorkers|poolOptions|maxConcurrency)\b(?= *:)/,
  /\bfileParallelism: *true\b/,
  /\bconcurrent: *true\b/,
  /\b(?:test|it|describe)\.concurrent\b/,
  /\b(?:concurrently|run-p|npm-run-all)\b/,
  /(?<![&>|])&(?![&>\d])/,
];

/** @returns each way to run things at the same time that a text takes, as it stands there */
export function parallelIn(text: string): string[] {
  return parallelWays.flatMap((way) => text.match(way)?.[0] ?? []);
}

/** @returns the commands of a shell script that start one of the serial lanes, continued lines joined */
export function commandsOfSerialLanes(script: string): string[] {
  const lines = script.replaceAll(/\\\n\s*/g, " ").split("\n");
  return lines.filter((line) =>
    serialLanes.some((serial) => new RegExp(`npm run ${serial.script}(?![\\w:-])`).test(line)),
  );
}
