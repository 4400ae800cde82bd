import type { JsonObject } from "../../../src/base/json.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad } from "./parsed.ts";

/** A limit on the tokens of the answer; undefined where the request sets none. */
export function readTokensMax(
  body: JsonObject,
  name: string,
): { readonly kind: "ok"; readonly value: number | undefined } | (ParsedRequest & { readonly kind: "bad" }) {
  const value = body[name];
  if (value === undefined || value === null) return UNLIMITED;
  return typeof value === "number" && Number.isInteger(value) && value > 0
    ? { kind: "ok", value }
    : bad(`Invalid '${name}': expected a positive integer.`, name);
}

const UNLIMITED = { kind: "ok", value: undefined } as const;
