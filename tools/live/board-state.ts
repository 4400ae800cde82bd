import { boardToken, projectId } from "../../scenarios/board-world/settings.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import { inTextOrder, type StateEntries } from "./end-state.ts";
import { textOf } from "./text-of.ts";

/**
 * The board as it would be read aloud: cards by reference, in lanes, with tags, fields, comments, files and links. What two
 * runs cannot have in common is left out: numbers, positions and times.
 */
export async function readBoardState(call: BoardCall): Promise<StateEntries> {
  const board = new BoardReader(call);
  const lanes = new Map((await board.rows("getColumns", project)).map(({ id, title }) => [id, textOf(title)]));
  const open = await board.rows("getAllTasks", { ...project, status_id: 1 });
  const closed = await board.rows("getAllTasks", { ...project, status_id: 0 });
  const cards = [...open, ...closed];
  const names = new Map(cards.map((card) => [Number(card["id"]), textOf(card["reference"])]));
  const entries: (readonly [name: string, value: string])[] = [];
  for (const card of cards) {
    const id = Number(card["id"]);
    const fields: readonly (readonly [what: string, text: string])[] = [
      ["lane", lanes.get(card["column_id"] ?? null) ?? "none"],
      ...["is_active", "title", "description"].map((name) => [name, textOf(card[name])] as const),
      ...(await readCard(board, id, names)),
    ];
    for (const [what, text] of fields) entries.push([`card ${names.get(id)}: ${what}`, text]);
  }
  return entries;
}

async function readCard(board: BoardReader, id: number, names: ReadonlyMap<number, string>): Promise<StateEntries> {
  const task = { task_id: id };
  const entries: (readonly [name: string, value: string])[] = [];
  const tags = Object.values(await board.object("getTaskTags", task)).map(textOf);
  entries.push(["tags", tags.toSorted(inTextOrder).join(", ")]);
  for (const [field, value] of Object.entries(await board.object("getTaskMetadata", task))) {
    entries.push([`field ${field}`, textOf(value)]);
  }
  for (const { comment } of await board.rows("getAllComments", task)) {
    const text = withoutTimes(textOf(comment));
    entries.push([`comment ${text.trimEnd().split("\n").at(-1)}`, text]);
  }
  for (const file of await board.rows("getAllTaskFiles", task)) {
    const content = textOf(await board.call("downloadTaskFile", { file_id: Number(file["id"]) }));
    entries.push([`file ${textOf(file["name"])}`, Buffer.from(content, "base64").toString("utf8")]);
  }
  for (const link of await board.rows("getAllTaskLinks", task)) {
    const other = names.get(Number(link["task_id"])) ?? "a card that is gone";
    entries.push([`link ${textOf(link["label"])} ${other}`, "there"]);
  }
  return entries;
}

/** A comment's key ends with the second in which the card was moved. */
function withoutTimes(comment: string): string {
  return comment.replace(/ \d{9,11}\](?=\s*$)/, "]");
}

const project = { project_id: projectId };

/** Asks a board for the result of a procedure. */
type BoardCall = (method: string, params: JsonObject) => JsonValue | Promise<JsonValue>;

class BoardReader {
  readonly call: BoardCall;

  constructor(call: BoardCall) {
    this.call = call;
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
}

/** A board that is served on a port of this machine. */
export function servedBoard(port: number): BoardCall {
  return async (method, params) => {
    const response = await fetch(`http://127.0.0.1:${port}/jsonrpc.php`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`jsonrpc:${boardToken}`).toString("base64")}` },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const reply = (await response.json()) as JsonValue;
    const result = isJsonObject(reply) ? reply["result"] : undefined;
    if (result === undefined) throw new Error(`${method} was refused: ${JSON.stringify(reply)}`);
    return result;
  };
}
