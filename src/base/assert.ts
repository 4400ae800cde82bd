/** A broken promise of our own code. It ends the run; nothing may catch it and go on. */
export class AssertionFailure extends Error {
  override readonly name = "AssertionFailure";
}

/** Asserts what our own code promises. The world's failures are values, never assertions. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** Closes an exhaustive switch: a new case that is not handled is a compile error here. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unreachable: ${JSON.stringify(value)}`);
}
