/** Redis cannot be reached, or was lost for too long. What was recorded until then stands. */
export class RedisError extends Error {
  override readonly name = "RedisError";

  /** @param address as it may be printed: without a password */
  constructor(address: string, why: string, fix: string) {
    super(`${address}: ${why}; ${fix}`);
  }
}
