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

/** The same as a clock shows it, to stand in a column: `1:03.512`, `1:02:03.512`. */
export function clockTime(us: number): string {
  const ms = Math.round(us / 1000);
  const [minutes, hours] = [Math.floor(ms / 60_000) % 60, Math.floor(ms / 3_600_000)];
  const seconds = `${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}.${String(ms % 1000).padStart(3, "0")}`;
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}
