import type { ParsedRequest } from "../dialect.ts";

export function bad(message: string, param?: string): ParsedRequest & { readonly kind: "bad" } {
  return { kind: "bad", error: { kind: "badRequest", message, ...(param === undefined ? {} : { param }) } };
}

export function unmodelled(what: string): ParsedRequest & { readonly kind: "unmodelled" } {
  return { kind: "unmodelled", what };
}
