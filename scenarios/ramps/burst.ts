import { Body, type Ports, type World } from "../../src/index.ts";
import { boardToken, boardUrl, projectId, webhookPort, webhookToken } from "../board-world/settings.ts";
import { smallEpic } from "../board-world/stories.ts";

/** An epic is there to be designed, and while that is done the events of all other cards come in. */
export function furnishBurst(world: World, events: number, paddingChars = 0): void {
  world.process(
    "operator",
    async (ports) => {
      await askForDesign(ports);
      await ports.clock.sleep(200, { key: "burst" });
      await Promise.all(Array.from({ length: events }, (_, index) => sendEvent(ports, index + 1, paddingChars)));
    },
    { host: "office", startAfterMs: 10_000 },
  );
}

async function askForDesign(ports: Ports): Promise<void> {
  const call = async (
    method: string,
    params: Readonly<Record<string, number | string | Readonly<Record<string, string>>>>,
  ) =>
    ports.http.request({
      name: `board.${method}`,
      key: "EPIC-1",
      method: "POST",
      url: `${boardUrl}/jsonrpc.php`,
      headers: { authorization: `Basic ${Buffer.from(`jsonrpc:${boardToken}`).toString("base64")}` },
      body: Body.ofJson({ jsonrpc: "2.0", method, id: 1, params }),
      timeoutMs: 60_000,
    });
  const { title, description, reference, dirname } = smallEpic(1, 1);
  const made = await call("createTask", { project_id: projectId, title, description, reference });
  const answer = made.kind === "ok" ? (made.value.body.json() as { readonly result: number }) : { result: 0 };
  const card = { project_id: projectId, task_id: answer.result, position: 1, swimlane_id: 1 };
  await call("saveTaskMetadata", { task_id: answer.result, values: { dirname, context_mode: "NEW" } });
  const columns = await call("getColumns", { project_id: projectId });
  const rows = columns.kind === "ok" ? (columns.value.body.json() as { result: { id: number }[] }).result : [];
  await call("moveTaskPosition", { ...card, column_id: rows[1]?.id ?? 0 });
}

async function sendEvent(ports: Ports, card: number, paddingChars: number): Promise<void> {
  const own = ports.fork(`event ${card}`);
  const answer = await own.http.request({
    name: "event.send",
    key: `REST-${card}`,
    method: "POST",
    url: `http://127.0.0.1:${webhookPort}/webhook?token=${webhookToken}`,
    headers: { "content-type": "application/json" },
    body: Body.ofJson({
      event_name: "task.move.column",
      event_data: { task_id: card, task: { reference: `REST-${card}`, description: "x".repeat(paddingChars) } },
    }),
    timeoutMs: 10_000,
  });
  if (answer.kind === "ok" && answer.value.status === 413) own.log.event("event.tooLarge", { card });
}
