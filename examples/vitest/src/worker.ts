import type { Ports } from "stormlane/ports";
import { call, type Card } from "./board.ts";
import type { Claim } from "./claims.ts";

const ready = 1;
const done = 2;
const pollMs = 10_000;

/** Answers the cards that are ready: looks at the board, claims what it finds there, comments on it and moves it on. */
export async function work(ports: Ports, claim: Claim, polls: number): Promise<void> {
  for (let poll = 0; poll < polls; poll++) {
    const cards = (await call(ports, "getAllTasks", { project_id: 1, status_id: 1 })) as readonly Card[] | undefined;
    for (const card of (cards ?? []).filter(({ column_id }) => column_id === ready)) {
      if (await claim(ports, card)) await answer(ports, card);
      else ports.log.event("card.taken", { card: card.title });
    }
    await ports.clock.sleep(pollMs);
  }
}

async function answer(ports: Ports, { id, title }: Card): Promise<void> {
  await call(ports, "createComment", { task_id: id, user_id: 1, content: `Done: ${title}` }, title);
  const place = { project_id: 1, task_id: id, column_id: done, position: 1, swimlane_id: 1 };
  await call(ports, "moveTaskPosition", place, title);
}
