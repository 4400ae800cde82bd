const setImmediateForReal = setImmediate;

/** Lets promise reactions, and what Node has ready, run once. */
export function realTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediateForReal(resolve);
  });
}
