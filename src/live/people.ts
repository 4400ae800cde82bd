import { isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import type { Boundary } from "./boundary.ts";

/** What people do, each action held until the schedule lets it go. */
export interface People {
  /** A call of the board's API, as `moveTaskPosition`. @throws BoardRefused */
  readonly call: (procedure: string, params?: JsonObject) => Promise<JsonValue>;
  /** The number of the card with this reference. @throws BoardRefused when there is none */
  readonly card: (reference: string) => Promise<number>;
  /** Moves a card to the column of this title, to its top. @throws BoardRefused */
  readonly move: (reference: string, column: string) => Promise<void>;
  /** Waits, in real time. */
  readonly wait: (durationMs: number) => Promise<void>;
}

/** The board answered a call of people's with an error, or with false. */
class BoardRefused extends Error {
  override readonly name = "BoardRefused";
}

export interface PeopleOptions {
  /** Of the board, as `http://127.0.0.1:8080/jsonrpc.php`. */
  readonly url: string;
  readonly apiToken: string;
  readonly boundary: Boundary;
  /** When the run is over. */
  readonly closed: AbortSignal;
}

/** @param options where the board is: a port that holds nothing, since people's actions are held whole */
export function peopleAt({ url, apiToken, boundary, closed }: PeopleOptions): People {
  const send = async (procedure: string, params: JsonObject): Promise<JsonValue> => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`jsonrpc:${apiToken}`).toString("base64")}`,
        "x-stormlane-process": "people",
        ...(typeof params["task_id"] === "number" ? { "x-stormlane-key": `card ${params["task_id"]}` } : {}),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: procedure, params }),
    });
    const reply = (await response.json()) as JsonValue;
    const result = isJsonObject(reply) ? reply["result"] : undefined;
    if (result === undefined || result === false || result === null) {
      throw new BoardRefused(`${procedure} with ${JSON.stringify(params)} was refused: ${JSON.stringify(reply)}`);
    }
    return result;
  };
  /** What only looks needs no leave. */
  const find = async (reference: string): Promise<JsonObject> => {
    for (const project of (await send("getAllProjects", {})) as readonly JsonObject[]) {
      for (const status_id of [1, 0]) {
        const cards = await send("getAllTasks", { project_id: Number(project["id"]), status_id });
        const card = (cards as readonly JsonObject[]).find((each) => each["reference"] === reference);
        if (card !== undefined) return card;
      }
    }
    throw new BoardRefused(`there is no card with reference ${reference}`);
  };
  const call = async (procedure: string, params: JsonObject = {}): Promise<JsonValue> => {
    await boundary.arrive({ process: "people", name: `board.${procedure}`, kind: "people" });
    const result = await send(procedure, params);
    boundary.noteActivity();
    return result;
  };
  return {
    call,
    card: async (reference) => Number((await find(reference))["id"]),
    move: async (reference, column) => {
      const card = await find(reference);
      const project_id = Number(card["project_id"]);
      const columns = (await send("getColumns", { project_id })) as readonly JsonObject[];
      const found = columns.find(({ title }) => title === column);
      if (found === undefined) throw new BoardRefused(`there is no column ${column}`);
      await call("moveTaskPosition", {
        ...{ project_id, task_id: Number(card["id"]), column_id: Number(found["id"]), position: 1 },
        swimlane_id: Number(card["swimlane_id"]),
      });
    },
    wait: (durationMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, durationMs);
        // Nobody waits for them any more, and nothing must go on.
        closed.addEventListener("abort", () => clearTimeout(timer), { once: true });
      }),
  };
}
