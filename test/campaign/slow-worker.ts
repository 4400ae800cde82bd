/** What a task does, without a beat at first: wait, as a thread does that others keep from computing, or compute. */
export interface SlowTask {
  readonly does: "wait" | "compute";
  readonly forMs: number;
}

export async function runTask({ task }: { readonly task: SlowTask }): Promise<string> {
  if (task.does === "wait") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, task.forMs);
  const startMs = performance.now();
  while (task.does === "compute" && performance.now() - startMs < task.forMs);
  return "done";
}
