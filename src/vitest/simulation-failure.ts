/** What a simulated test fails with: its message is a story. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
  }
}

/** The error, shown where the test was defined: nothing of the code that noticed it helps its reader. */
export function shownAt<Shown extends Error>(error: Shown, definedAt: Error): Shown {
  const frames = (definedAt.stack ?? "").split("\n").filter((line) => line.startsWith("    at ") && !isForeign(line));
  error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
  return error;
}

function isForeign(frame: string): boolean {
  return frame.includes("/node_modules/") || frame.includes("node:internal/");
}
