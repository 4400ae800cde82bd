/** What a simulated test fails with: a story as its message, and the place of the test as its stack. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";

  /** @param calledAt an error made where the test was defined */
  constructor(lines: readonly string[], calledAt: Error) {
    super(lines.join("\n"));
    this.stack = `${this.name}: ${this.message}\n${framesOf(calledAt)}`;
  }
}

/** The lines of a stack that name places. */
function framesOf({ stack = "" }: Error): string {
  return stack
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .join("\n");
}
