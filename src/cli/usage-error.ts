export interface Mistake {
  /** What is wrong, as the user wrote it. */
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** The user's mistake: told in one line, exit code 2, and nothing was begun. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor({ what, why, fix }: Mistake) {
    super(`${what}: ${why}; ${fix}`);
  }
}
