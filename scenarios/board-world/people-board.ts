import { Body, isJsonArray, isJsonObject, type JsonObject, type JsonValue, type Ports } from "../../src/index.ts";
import { boardToken, boardUrl, projectId, projectName } from "./settings.ts";

/** A card as people see it on the board. */
export interface SeenCard {
  readonly id: number;
  readonly reference: string;
  readonly title: string;
  readonly lane: number;
  readonly tags: readonly string[];
  readonly swimlane: number;
  /** When it came to its lane, in seconds since the epoch. */
  readonly movedS: number;
}

export interface SeenBoard {
  /** The open cards, by number. */
  readonly cards: readonly SeenCard[];
  /** The column of each lane, from lane 1. */
  readonly columns: readonly number[];
  /** When they looked. */
  readonly seenMs: number;
}

/** The board as people use it. A call that got no clear answer is undefined: they look again later. */
export class PeopleBoard {
  private readonly ports: Ports;

  constructor(ports: Ports) {
    this.ports = ports;
  }

  async look(): Promise<SeenBoard | undefined> {
    const swimlanes = await this.call("getBoard", { project_id: projectId }, projectName);
    if (!isJsonArray(swimlanes)) return undefined;
    const cards: SeenCard[] = [];
    const columns: number[] = [];
    for (const swimlane of swimlanes.filter(isJsonObject)) {
      rowsOf(swimlane["columns"]).forEach((column, index) => {
        columns[index] = numberOf(column["id"]);
        for (const task of rowsOf(column["tasks"])) {
          if (numberOf(task["is_active"]) === 1) cards.push(seenCard(task, index + 1));
        }
      });
    }
    return { cards: cards.toSorted((left, right) => left.id - right.id), columns, seenMs: this.ports.clock.nowMs() };
  }

  createCard(card: {
    readonly title: string;
    readonly description: string;
    readonly reference: string;
  }): Promise<unknown> {
    return this.call("createTask", { project_id: projectId, ...card }, card.reference);
  }

  async fields(card: SeenCard): Promise<JsonObject | undefined> {
    const fields = await this.call("getTaskMetadata", { task_id: card.id }, nameOf(card));
    // PHP writes an empty map as a list.
    return isJsonArray(fields) ? {} : isJsonObject(fields) ? fields : undefined;
  }

  saveFields(card: SeenCard, values: Readonly<Record<string, string>>): Promise<unknown> {
    return this.call("saveTaskMetadata", { task_id: card.id, values }, nameOf(card));
  }

  async move(board: SeenBoard, card: SeenCard, lane: number): Promise<boolean> {
    const params = {
      project_id: projectId,
      task_id: card.id,
      column_id: board.columns[lane - 1]!,
      position: 1,
      swimlane_id: card.swimlane,
    };
    return (await this.call("moveTaskPosition", params, `${nameOf(card)} to lane ${lane}`)) === true;
  }

  close(card: SeenCard): Promise<unknown> {
    return this.call("closeTask", { task_id: card.id }, nameOf(card));
  }

  async open(card: SeenCard): Promise<boolean> {
    return (await this.call("openTask", { task_id: card.id }, nameOf(card))) === true;
  }

  remove(card: SeenCard): Promise<unknown> {
    return this.call("removeTask", { task_id: card.id }, nameOf(card));
  }

  async edit(card: SeenCard, values: { readonly title?: string; readonly reference?: string }): Promise<boolean> {
    return (await this.call("updateTask", { id: card.id, ...values }, nameOf(card))) === true;
  }

  /** Replaces all tags, as the card's form does. */
  saveTags(card: SeenCard, tags: readonly string[]): Promise<unknown> {
    return this.call("updateTask", { id: card.id, tags }, nameOf(card));
  }

  /** The content of the newest attachment of that name. */
  async attachment(card: SeenCard, name: string): Promise<string | undefined> {
    const files = rowsOf(await this.call("getAllTaskFiles", { task_id: card.id }, nameOf(card)));
    const file = files.findLast((each) => each["name"] === name);
    if (file === undefined) return undefined;
    const content = await this.call("downloadTaskFile", { file_id: numberOf(file["id"]) }, `${nameOf(card)}/${name}`);
    return typeof content === "string" ? Buffer.from(content, "base64").toString("utf8") : undefined;
  }

  private async call(method: string, params: JsonObject, key: string): Promise<JsonValue | undefined> {
    const result = await this.ports.http.request({
      name: `board.${method}`,
      key,
      method: "POST",
      url: `${boardUrl}/jsonrpc.php`,
      headers,
      body: Body.ofJson({ jsonrpc: "2.0", method, id: 1, params }),
      timeoutMs: patienceMs,
    });
    if (result.kind !== "ok" || result.value.status !== 200) return undefined;
    const reply = result.value.body.json();
    return isJsonObject(reply) ? reply["result"] : undefined;
  }
}

/** Longer than any delay on the way: what people asked for has happened, or never will. */
const patienceMs = 40_000;

const headers = {
  authorization: `Basic ${Buffer.from(`jsonrpc:${boardToken}`).toString("base64")}`,
  "content-type": "application/json",
};

/** In the words of the workload. */
export function nameOf(card: SeenCard): string {
  return card.reference === "" ? card.title : card.reference;
}

function seenCard(task: JsonObject, lane: number): SeenCard {
  return {
    id: numberOf(task["id"]),
    reference: textOf(task["reference"]),
    title: textOf(task["title"]),
    lane,
    tags: rowsOf(task["tags"]).map((tag) => textOf(tag["name"])),
    swimlane: numberOf(task["swimlane_id"]),
    movedS: numberOf(task["date_moved"]),
  };
}

function rowsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function numberOf(value: JsonValue | undefined): number {
  return Number(value ?? 0);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
