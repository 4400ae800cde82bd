import type { JsonObject } from "../../../../src/base/json.ts";

/** The data of server-sent events, as any client reads them: without comments and `[DONE]`. */
export function dataOf(events: readonly string[]): readonly JsonObject[] {
  return events
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("data: ") && line !== "data: [DONE]")
    .map((line) => JSON.parse(line.slice("data: ".length)) as JsonObject);
}
