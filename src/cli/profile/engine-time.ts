import { Session, type Profiler } from "node:inspector/promises";

/** Shares of the real time that was not idle, by name, the largest first; they add up to 1. */
export type TimeShares = readonly (readonly [string, number])[];

/**
 * Runs something under the profiler of the engine, which is switched on only now: loading and compiling before it stay out
 * (with `--cpu-prof` they would not).
 */
export async function withProfiler<Value>(
  work: () => Promise<Value>,
  samplingUs = 250,
): Promise<{ readonly value: Value; readonly profile: Profiler.Profile }> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: samplingUs });
    await session.post("Profiler.start");
    const value = await work();
    const { profile } = await session.post("Profiler.stop");
    return { value, profile };
  } finally {
    session.disconnect();
  }
}

export function selfTimeBy(profile: Profiler.Profile, nameOf: (node: Profiler.ProfileNode) => string): TimeShares {
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]));
  const times = new Map<string, number>();
  let totalUs = 0;
  (profile.samples ?? []).forEach((node, index) => {
    const name = names.get(node)!;
    if (name.startsWith("(idle)")) return;
    // The first delta is the time before the first sample.
    const us = Math.max(0, profile.timeDeltas?.[index + 1] ?? 0);
    times.set(name, (times.get(name) ?? 0) + us);
    totalUs += us;
  });
  return [...times].map(([name, us]) => [name, us / totalUs] as const).toSorted(([, left], [, right]) => right - left);
}

/** What a line of the profile belongs to: a folder of the project, packages, the engine, its garbage collector. */
export function folderOf({ callFrame }: Profiler.ProfileNode): string {
  const { functionName, url } = callFrame;
  if (functionName === "(garbage collector)") return "garbage collector";
  if (functionName === "(idle)") return "(idle)";
  const path = pathOf(url);
  if (path === undefined) return "Node and V8";
  if (path.startsWith("node_modules/")) return "npm packages";
  const [top = "", second = "", third = ""] = path.split("/");
  if (top === "src") return second === "sim" && third === "disk" ? "src/sim/disk" : `src/${second}`;
  if (top === "fakes") return `fakes/${second}`;
  return top === "scenarios" ? top : "the measurement";
}

export function fileOf({ url, lineNumber }: Profiler.ProfileNode["callFrame"]): string {
  const path = pathOf(url);
  return path === undefined ? "" : `${path}:${lineNumber + 1}`;
}

const rootUrl = new URL("../../../", import.meta.url).href;

/** @returns the path in this package, or undefined for what belongs to Node */
function pathOf(url: string): string | undefined {
  const path = url.startsWith("/") ? `file://${url}` : url;
  if (path.startsWith(rootUrl)) return path.slice(rootUrl.length);
  const inPackage = path.indexOf("/node_modules/");
  return inPackage === -1 ? undefined : path.slice(inPackage + 1);
}
