import { readFileSync } from "node:fs";
import { z } from "zod";
import { markNames, spanKinds } from "../../orchestrator/spans/span.ts";
import { UsageError } from "../usage-error.ts";
import type { WrittenMark, WrittenSpan } from "./span-profile.ts";

const owner = {
  process: z.int(),
  role: z.string(),
  taskId: z.int(),
  task: z.string(),
  // Files of an earlier version do not tell.
  agent: z.string().default(""),
};
/** A line of a file of spans. */
export const spanLineSchema = z.union([
  z.object({
    ...owner,
    requestId: z.int(),
    kind: z.enum(spanKinds),
    name: z.string(),
    key: z.string(),
    startMs: z.number(),
    endMs: z.number(),
    outcome: z.enum(["ok", "fail", "unknown"]),
  }),
  z.object({ ...owner, kind: z.literal("mark"), name: z.enum(markNames), detail: z.string(), atMs: z.number() }),
]);

/** A last line that was cut short does not count. @throws UsageError */
export function readSpans(path: string): readonly (WrittenSpan | WrittenMark)[] {
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
    const entry = spanLineSchema.safeParse(parse(line));
    if (entry.success) return [entry.data];
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
