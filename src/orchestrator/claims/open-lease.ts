import type { Lease } from "./lease.ts";

/** A lease that excludes nobody: for an admission policy that asks for none. */
export function openLease(scope: string, ttlMs: number): Lease {
  return {
    scope,
    generation: 0,
    ttlMs,
    takeover: false,
    signal: new AbortController().signal,
    require: () => {},
    keep: () => {},
    release: () => Promise.resolve(),
  };
}
