import { Body, type JsonObject, type Ports } from "stormlane/ports";

export interface Card {
  readonly id: number;
  readonly title: string;
  readonly column_id: number;
}

/** Calls Kanboard. In reports the card's title stands for it. @returns undefined when no answer came */
export async function call(ports: Ports, method: string, params: JsonObject, title = ""): Promise<unknown> {
  const answer = await ports.http.request({
    method: "POST",
    url: "http://board.test/jsonrpc.php",
    headers: { authorization: `Basic ${btoa("jsonrpc:board-token")}` },
    body: Body.ofJson({ jsonrpc: "2.0", id: 1, method, params }),
    timeoutMs: 5_000,
    name: `board.${method}`,
    key: title,
  });
  if (answer.kind !== "ok" || answer.value.status !== 200) return undefined;
  return (answer.value.body.json() as { readonly result?: unknown }).result;
}
