/** Waits in a file of its own for whatever is done. */
export async function waitFor<Value>(act: () => Promise<Value>): Promise<Value> {
  return await act();
}
