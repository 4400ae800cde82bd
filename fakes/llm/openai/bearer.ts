import type { IncomingRequest } from "../../../src/ports/http.ts";

/** The key in `authorization: Bearer KEY`. */
export function bearer({ headers }: IncomingRequest): string | undefined {
  const authorization = headers["authorization"];
  if (authorization === undefined) return undefined;
  const key = authorization.slice(SCHEME.length).trim();
  return key !== "" && authorization.slice(0, SCHEME.length).toLowerCase() === SCHEME ? key : undefined;
}

const SCHEME = "bearer ";
