/** What the process says by its exit code. */
export const exitCodes = {
  held: 0,
  /** A violation, nondeterminism, a vacuous campaign, or more limits reached than allowed for. */
  failed: 1,
  usage: 2,
  /** The infrastructure or our own code failed. */
  broken: 3,
  interrupted: 130,
} as const;
