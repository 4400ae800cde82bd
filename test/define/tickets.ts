import * as fc from "fast-check";
import { Body } from "../../src/base/body.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import { defineInvariant } from "../../src/define/invariant.ts";
import type { ScenarioDefinition } from "../../src/define/scenario.ts";
import { kanboard } from "../../src/define/services.ts";
import type { Ports } from "../../src/ports/ports.ts";

/** Two workers that look whether a card is theirs before they take it: a small system with a race. */
export type Tickets = { readonly cards: number };

export const tickets: ScenarioDefinition<Tickets> = {
  name: "tickets",
  workload: fc.record({ cards: fc.integer({ min: 1, max: 3 }) }),
  examples: [{ cards: 1 }],
  services: ({ cards }) => [
    kanboard({ cards: Array.from({ length: cards }, (_, index) => ({ title: `Card ${index + 1}` })) }),
  ],
  system: { "worker-a": worker, "worker-b": worker },
  drive: async (ports) => void (await ports.clock.sleep(60_000)),
  invariants: [
    defineInvariant({
      id: "one-owner",
      rule: "A card has one owner.",
      kinds: ["note"],
      judge: (check) => {
        const owners = new Map<string, string>();
        return {
          observe({ name, fields, process }) {
            if (name !== "claimed") return;
            const card = fields["card"] as string;
            const owner = owners.get(card) ?? process;
            owners.set(card, owner);
            check(owner === process, { place: card, message: `${process} claimed what ${owner} has.` });
          },
        };
      },
    }),
  ],
  sometimes: ["claimed"],
};

async function worker(ports: Ports, { cards }: Tickets): Promise<void> {
  for (let id = 1; id <= cards; id++) {
    const card = await call(ports, "getTask", { task_id: id });
    if (!isJsonObject(card) || card["color_id"] === "red") continue;
    await call(ports, "updateTask", { id, color_id: "red" });
    ports.log.event("claimed", { card: `card ${id}` });
  }
}

async function call(ports: Ports, method: string, params: JsonObject): Promise<JsonValue | undefined> {
  const answer = await ports.http.request({
    name: `board.${method}`,
    key: `card ${(params["task_id"] ?? params["id"]) as number}`,
    method: "POST",
    url: "http://board.test/jsonrpc.php",
    headers: { authorization: `Basic ${Buffer.from("jsonrpc:board-token").toString("base64")}` },
    body: Body.ofJson({ jsonrpc: "2.0", id: 1, method, params }),
    timeoutMs: 10_000,
  });
  const reply = answer.kind === "ok" ? answer.value.body.json() : undefined;
  return isJsonObject(reply) ? reply["result"] : undefined;
}
