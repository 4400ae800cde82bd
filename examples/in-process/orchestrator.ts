/**
 * A small orchestrator, as it would run for real: nothing in it knows of a test. It watches one column of a Kanboard, by a
 * webhook and by asking every few seconds, asks a model for a plan of each card there, and writes the plan as a comment.
 *
 * Its mistake is an old one: it looks whether a card has a plan, and then, some time later, writes one.
 */
import { createServer } from "node:http";
import { planCard } from "./plan-card.ts";
import { board } from "./services.ts";

const readyColumn = "Ready";

export async function workReadyCards(plan: (card: number, title: string) => Promise<void>): Promise<void> {
  const columns = await board<{ id: number; title: string }[]>("getColumns", { project_id: 1 });
  const ready = columns.find(({ title }) => title === readyColumn);
  const cards = await board<{ id: number; title: string; column_id: number }[]>("getAllTasks", { project_id: 1 });
  for (const { id, title, column_id } of cards) {
    if (column_id === ready?.id) await plan(id, title);
  }
}

export function start(plan: (card: number, title: string) => Promise<void>): void {
  const work = (): void => {
    workReadyCards(plan).catch((error: unknown) => process.stderr.write(`again in a while: ${String(error)}\n`));
  };
  createServer((_request, response) => {
    work();
    response.end("ok");
  }).listen(Number(process.env["PORT"]));
  setInterval(work, 5_000);
}

if (import.meta.filename === process.argv[1]) start(planCard);
