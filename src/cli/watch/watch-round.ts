// The process of one round. Nothing that may be broken is imported before there is somebody to say so.
import type { RoundMessage, RoundOrder } from "./run-round.ts";

const tell = (message: RoundMessage): void => void process.send?.(message);

try {
  const { runRound } = await import("./run-round.ts");
  const { processHost } = await import("../process-host.ts");
  const end = await runRound(JSON.parse(process.argv[2] ?? "{}") as RoundOrder, processHost(), tell);
  tell({ kind: "ended", end });
} catch (error) {
  tell({ kind: "ended", end: { kind: "unloadable", why: await whyOf(error) } });
}
process.disconnect();

async function whyOf(error: unknown): Promise<string> {
  const { UsageError } = await import("../usage-error.ts");
  if (error instanceof UsageError) return error.message;
  const { loadMistake } = await import("../project/load-mistake.ts");
  return loadMistake("the code", error).message;
}
