import { Body, type JsonObject, type Ports } from "stormlane/ports";

/** One call of Kanboard's API. @returns its result, or undefined when no whole answer came */
export async function callBoard(ports: Ports, method: string, params: JsonObject): Promise<unknown> {
  const answer = await ports.http.request({
    method: "POST",
    url: "http://board.test/jsonrpc.php",
    headers: { authorization: `Basic ${btoa("jsonrpc:board-token")}` },
    body: Body.ofJson({ jsonrpc: "2.0", id: 1, method, params }),
    timeoutMs: 5_000,
    name: `board.${method}`,
    key: String(params["task_id"]),
  });
  if (answer.kind !== "ok" || answer.value.status !== 200) return undefined;
  return (answer.value.body.json() as { readonly result?: unknown } | undefined)?.result;
}
