/** The author of a scenario, an invariant or a config wrote something that cannot be. Each problem names its member. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  readonly problems: readonly string[];

  /** @param what as `defineScenario "claim-race"` */
  constructor(what: string, problems: readonly string[]) {
    super(`${what}: ${problems.join("; ")}`);
    this.problems = problems;
  }
}
