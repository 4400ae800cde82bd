import { boardToken, projectId } from "../../scenarios/board-world/settings.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import type { StateEntries } from "./end-state.ts";

/**
 * The board as it would be read aloud: cards by reference, in lanes, with tags, fields, comments, files and links. What two
 * runs cannot have in common is left out: numbers, positions and times.
 */
export async function readBoardState(port: number): Promise<StateEntries> {
  const board = new BoardReader(`http://127.0.0.1:${port}/jsonrpc.php`);
  const lanes = new Map((await board.rows("getColumns", project)).map(({ id, title }) => [id, String(title)]));
  const open = await board.rows("getAllTasks", { ...project, status_id: 1 });
  const closed = await board.rows("getAllTasks", { ...project, status_id: 0 });
  const cards = [...open, ...closed];
  const names = new Map(cards.map((card) => [Number(card["id"]), String(card["reference"])]));
  const entries: (readonly [name: string, value: string])[] = [];
  for (const card of cards) {
    const task = { task_id: Number(card["id"]) };
    const at = (what: string): string => `card ${names.get(task.task_id)}: ${what}`;
    const say = (what: string, text: string): void => void entries.push([at(what), text]);
    say("lane", lanes.get(card["column_id"] ?? null) ?? "none");
    say("open", String(card["is_active"]));
    say("title", String(card["title"]));
    say("description", String(card["description"]));
    say(
      "tags",
      Object.values(await board.object("getTaskTags", task))
        .toSorted()
        .join(", "),
    );
    for (const [field, value] of Object.entries(await board.object("getTaskMetadata", task)))
      say(`field ${field}`, String(value));
    for (const { comment } of await board.rows("getAllComments", task)) {
      const text = withoutTimes(String(comment));
      say(`comment ${text.trimEnd().split("\n").at(-1)}`, text);
    }
    for (const { id, name } of await board.rows("getAllTaskFiles", task)) {
      const content = await board.call("downloadTaskFile", { file_id: Number(id) });
      say(`file ${String(name)}`, Buffer.from(String(content), "base64").toString("utf8"));
    }
    for (const link of await board.rows("getAllTaskLinks", task)) {
      say(`link ${String(link["label"])} ${names.get(Number(link["task_id"])) ?? "a card that is gone"}`, "there");
    }
  }
  return entries;
}

/** A comment's key ends with the second in which the card was moved. */
function withoutTimes(comment: string): string {
  return comment.replace(/ \d{9,11}\](?=\s*$)/, "]");
}

const project = { project_id: projectId };

class BoardReader {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async rows(method: string, params: JsonObject): Promise<readonly JsonObject[]> {
    const value = await this.call(method, params);
    if (!isJsonArray(value)) throw new Error(`${method} answered no list`);
    return value.filter(isJsonObject);
  }

  /** PHP writes an empty map as a list. */
  async object(method: string, params: JsonObject): Promise<Readonly<Record<string, JsonValue | undefined>>> {
    const value = await this.call(method, params);
    if (isJsonObject(value)) return value;
    if (isJsonArray(value) && value.length === 0) return {};
    throw new Error(`${method} answered no object`);
  }

  async call(method: string, params: JsonObject): Promise<JsonValue> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`jsonrpc:${boardToken}`).toString("base64")}` },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const reply = (await response.json()) as JsonValue;
    const result = isJsonObject(reply) ? reply["result"] : undefined;
    if (result === undefined) throw new Error(`${method} was refused: ${JSON.stringify(reply)}`);
    return result;
  }
}
