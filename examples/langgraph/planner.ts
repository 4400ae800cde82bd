/** Plans the cards of one column with a graph: as soon as the board tells of a change, and every few seconds. */
import { createServer } from "node:http";
import { columnOf, openCards } from "./board.ts";
import { inTurn, runAtOnce } from "./threads.ts";

const runThread = process.env["THREADS"] === "in-turn" ? inTurn(runAtOnce) : runAtOnce;

async function planAll(): Promise<void> {
  const column = await columnOf("To plan");
  const cards = await openCards();
  await Promise.all(cards.filter(({ column_id }) => column_id === column).map(runThread));
}

function plan(): void {
  planAll().catch((error: unknown) => process.stderr.write(`again in a while: ${String(error)}\n`));
}

createServer((_request, response) => {
  plan();
  response.end("ok");
}).listen(Number(process.env["PORT"]));
setInterval(plan, 5_000);
