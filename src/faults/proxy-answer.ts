import { Body } from "../base/body.ts";
import type { OutgoingResponse } from "../ports/http.ts";
import type { FaultSpec } from "./fault.ts";

/** What a proxy says in the place of the service behind it. */
export function proxyAnswer(fault: FaultSpec & { kind: "answered-with" }): OutgoingResponse {
  const headers: Record<string, string> = { "content-type": "text/html" };
  if (fault.retryAfterS !== undefined) headers["retry-after"] = String(fault.retryAfterS);
  return { status: fault.status, headers, body: Body.ofText(`<html><h1>${fault.status}</h1></html>`) };
}
