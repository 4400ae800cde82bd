/** Ends a git command: the exit code and what it prints on standard error. */
export class GitFailure extends Error {
  override readonly name = "GitFailure";
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    // An answer of git, not a bug of ours: nobody reads its stack, and taking one costs more than the command.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.exitCode = exitCode;
  }
}

export function fatal(message: string): never {
  throw new GitFailure(128, `fatal: ${message}`);
}
