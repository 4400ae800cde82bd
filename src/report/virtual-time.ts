/** Virtual time since the start of the run, as `63.512 s` or `1 h 02 min 03.512 s`. */
export function virtualTime(us: number): string {
  const ms = Math.round(us / 1000);
  const seconds = `${Math.floor(ms / 1000) % 60}.${String(ms % 1000).padStart(3, "0")} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 2) return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")} s`;
  const padded = seconds.padStart(8, "0");
  if (minutes < 60) return `${minutes} min ${padded}`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min ${padded}`;
}
