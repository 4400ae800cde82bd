import { Body, defineScenario, fc, kanboard, noCrash, type Ports, type Ramp } from "../../../src/index.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../../src/base/json.ts";

/**
 * A small system of its own: it cuts each open card in two parts, and closes it.
 *
 * @param generationsMax a card that is so deep is left as it is; Infinity: parts are cut for ever
 */
export function splitterRamp(generationsMax: number): Ramp {
  const scenario = defineScenario({
    name: "card-splitter",
    workload: fc.constant(null),
    services: [kanboard({ cards: [{ title: "Whole", reference: "WHOLE" }] })],
    system: { splitter: (ports) => split(ports, generationsMax) },
    drive: async (ports) => ports.clock.sleep(600_000, { key: "end" }).then(() => undefined),
    invariants: [noCrash],
  });
  return {
    name: "minutes",
    about: "Cards are cut for ten minutes.",
    unit: "times ten minutes",
    from: 1,
    to: 1,
    levelMax: 1,
    promised: 0,
    growthLevels: [],
    load: () => ({ scenario, workload: null }),
  };
}

async function split(ports: Ports, generationsMax: number): Promise<void> {
  for (;;) {
    const cards = await call(ports, "getAllTasks", "all", { project_id: 1, status_id: 1 });
    for (const card of isJsonArray(cards) ? cards.filter(isJsonObject) : []) {
      const reference = card["reference"] as string;
      if (reference.split("/").length >= generationsMax) continue;
      const part = `${reference}/1`;
      await call(ports, "createTask", part, { title: part, project_id: 1, reference: part });
      await call(ports, "closeTask", reference, { task_id: Number(card["id"]) });
    }
    await ports.clock.sleep(60_000, { key: "look" });
  }
}

async function call(ports: Ports, method: string, key: string, params: JsonObject): Promise<JsonValue | undefined> {
  const answer = await ports.http.request({
    name: `board.${method}`,
    key,
    method: "POST",
    url: "http://board.test/jsonrpc.php",
    headers: { authorization: `Basic ${Buffer.from("jsonrpc:board-token").toString("base64")}` },
    body: Body.ofJson({ jsonrpc: "2.0", method, id: 1, params }),
    timeoutMs: 5_000,
  });
  const reply = answer.kind === "ok" ? answer.value.body.json() : undefined;
  return isJsonObject(reply) ? reply["result"] : undefined;
}
