import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { spanKinds } from "../orchestrator/spans/span.ts";
import { tableLines } from "../report/table.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import {
  profileSpans,
  type LaneProfile,
  type Percentiles,
  type SpanProfile,
  type WrittenSpan,
} from "./profile/span-profile.ts";
import { UsageError } from "./usage-error.ts";

/** `stormlane profile --spans FILE...`: where the time of real runs went. @returns the exit code */
export function profile(flags: { readonly spans?: readonly string[]; readonly json?: boolean }, host: Host): number {
  const files = flags.spans ?? [];
  if (files.length === 0) {
    throw new UsageError({
      what: "profile",
      why: "no spans were named",
      fix: "name files of serve with --spans FILE...",
    });
  }
  const spans = files.flatMap((file) => readSpans(resolve(host.cwd, file)));
  const found = profileSpans(spans);
  host.writeOut(flags.json === true ? `${JSON.stringify(found)}\n` : `${text(found).join("\n")}\n`);
  return exitCodes.held;
}

const spanSchema = z.object({
  process: z.int(),
  role: z.string(),
  requestId: z.int(),
  taskId: z.int(),
  task: z.string(),
  kind: z.enum(spanKinds),
  name: z.string(),
  key: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  outcome: z.enum(["ok", "fail", "unknown"]),
});

/** A last line that was cut short does not count. */
function readSpans(path: string): readonly WrittenSpan[] {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError({ what: path, why: `cannot be read (${code})`, fix: "name a file that serve wrote" });
  }
  const lines = content.slice(0, content.lastIndexOf("\n") + 1).split("\n");
  return lines.flatMap((line, at) => {
    if (line === "") return [];
    const span = spanSchema.safeParse(parse(line));
    if (span.success) return [span.data];
    throw new UsageError({ what: `${path}:${at + 1}`, why: "is no span", fix: "name a file that serve wrote" });
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function text({ lanes, operations }: SpanProfile): readonly string[] {
  if (lanes.length === 0) return ["No run is in these spans."];
  const right = (title: string) => ({ title, align: "right" }) as const;
  const kinds = [...spanKinds, "own"] as const;
  const laneRow = (lane: LaneProfile): string[] => [
    String(lane.lane),
    String(lane.runs),
    lane.boardCallsPerRun.toFixed(1),
    lane.modelCallsPerRun.toFixed(1),
    ...row(lane.totalMs),
    ...kinds.map((kind) => lane.msByKind[kind].toFixed(1)),
  ];
  const laneColumns = ["lane", "runs", "board calls", "model calls", "p50 ms", "p95 ms", "p99 ms", ...kinds];
  const columns = ["count", "errors", "p50 ms", "p95 ms", "p99 ms"];
  return [
    ...tableLines(laneColumns.map(right), lanes.map(laneRow)),
    "",
    ...tableLines(
      [{ title: "kind" }, { title: "operation" }, ...columns.map(right)],
      operations.map(({ kind, name, count, errors, ms }) => [kind, name, String(count), String(errors), ...row(ms)]),
    ),
  ];
}

function row({ p50, p95, p99 }: Percentiles): string[] {
  return [p50, p95, p99].map((each) => each.toFixed(1));
}
