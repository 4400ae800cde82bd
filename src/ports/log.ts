import type { JsonObject } from "../base/json.ts";

/**
 * What a process says of itself, as structured events. In a simulation they stand in the history beside the effects,
 * and invariants compare the two; for real they are JSON lines.
 */
export interface LogPort {
  event(name: string, fields: JsonObject): void;
}
