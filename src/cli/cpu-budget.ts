/**
 * Whether this process, all of its threads together, has used so much CPU time since now.
 * @param cpuMsMax milliseconds
 */
export function cpuBudget(cpuMsMax: number): () => boolean {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 > cpuMsMax;
  };
}
