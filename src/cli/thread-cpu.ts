/**
 * CPU time of this thread since it began, in milliseconds. Before Node 23.9 threads cannot tell: then it is real time,
 * which is more.
 */
export function threadCpuMs(): number {
  if (!tellsThreadCpu) return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

export const tellsThreadCpu = typeof (process as Partial<NodeJS.Process>).threadCpuUsage === "function";
