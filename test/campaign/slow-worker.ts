/** A worker that takes its time before its first beat, as one does that loads code on a busy machine. */
export async function runTask({ task }: { readonly task: number }): Promise<string> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, task);
  return "done";
}
