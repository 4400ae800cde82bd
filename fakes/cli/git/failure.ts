/** Ends a git command: the exit code and what it prints on standard error. */
export class GitFailure extends Error {
  override readonly name = "GitFailure";
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function fatal(message: string): never {
  throw new GitFailure(128, `fatal: ${message}`);
}
