import * as fc from "fast-check";
import { Body } from "../../base/body.ts";
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../../base/json.ts";
import type { Ports } from "../../ports/ports.ts";

/** What people do at a board that nobody knows anything of: they write cards, and move them. */
export interface PeopleWorkload extends JsonObject {
  readonly cards: readonly { readonly atMs: number; readonly column: number }[] & JsonArray;
  readonly moves: readonly { readonly card: number; readonly column: number; readonly atMs: number }[] & JsonArray;
}

export const boardOrigin = "http://board.test";
export const boardToken = "board-token";

/** @param columns how many the board has; @param untilMs when the last of it has happened */
export function peopleWorkloads(columns: number, untilMs: number): fc.Arbitrary<PeopleWorkload> {
  const atMs = fc.integer({ min: 0, max: untilMs });
  const column = fc.integer({ min: 1, max: columns });
  return fc.record({
    cards: fc.array(fc.record({ atMs, column }), { minLength: 1, maxLength: 3 }),
    moves: fc.array(fc.record({ card: fc.nat({ max: 2 }), column, atMs }), { maxLength: 3 }),
  });
}

/** Does all of it, and waits for the end. Each thing that was done is noted, so that judges know whose doing it was. */
export async function people(ports: Ports, { cards, moves }: PeopleWorkload, forMs: number): Promise<void> {
  const ids: (number | undefined)[] = cards.map(() => undefined);
  const actions = [
    ...cards.map(({ atMs, column }, index) => ({
      atMs,
      async act(): Promise<void> {
        const title = `Card ${index + 1}`;
        ports.log.event("people.write", { title });
        const columnId = await columnOf(ports, column);
        const id = await call(ports, "createTask", { title, project_id: 1, column_id: columnId });
        if (typeof id === "number") ids[index] = id;
      },
    })),
    ...moves.map(({ card, column, atMs }) => ({
      atMs,
      async act(): Promise<void> {
        const id = ids[card % cards.length];
        if (id === undefined) return;
        ports.log.event("people.move", { card: id });
        const move = {
          project_id: 1,
          task_id: id,
          column_id: await columnOf(ports, column),
          position: 1,
          swimlane_id: 1,
        };
        await call(ports, "moveTaskPosition", move);
      },
    })),
  ].toSorted((left, right) => left.atMs - right.atMs);
  const startMs = ports.clock.monotonicMs();
  const elapsedMs = (): number => ports.clock.monotonicMs() - startMs;
  for (const action of actions) {
    if (action.atMs > elapsedMs()) await ports.clock.sleep(action.atMs - elapsedMs());
    await action.act();
  }
  await ports.clock.sleep(Math.max(0, forMs - elapsedMs()));
}

async function columnOf(ports: Ports, position: number): Promise<JsonValue> {
  const columns = await call(ports, "getColumns", { project_id: 1 });
  const rows = isJsonArray(columns) ? columns.filter(isJsonObject) : [];
  return rows[position - 1]?.["id"] ?? 1;
}

async function call(ports: Ports, method: string, params: JsonObject): Promise<JsonValue> {
  const answer = await ports.http.request({
    name: `board.${method}`,
    key: "people",
    method: "POST",
    url: `${boardOrigin}/jsonrpc.php`,
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`jsonrpc:${boardToken}`).toString("base64")}`,
    },
    body: Body.ofJson({ jsonrpc: "2.0", id: 1, method, params }),
    timeoutMs: 60_000,
  });
  const body = answer.kind === "ok" ? answer.value.body.json() : undefined;
  return isJsonObject(body) ? (body["result"] ?? null) : null;
}
