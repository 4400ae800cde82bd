import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import type { Guard } from "../guard.ts";
import { Rpc, rpcHeaders, type Effect, type RpcOptions } from "./rpc.ts";
import {
  readCardOrNull,
  readCards,
  readColumns,
  readComments,
  readCreated,
  readDone,
  readFiles,
  readLinks,
  readLinkTypes,
  readMetadata,
  readProjectId,
  readTags,
  readText,
  type CardRow,
  type ColumnRow,
  type CommentRow,
  type FileRow,
  type LinkRow,
  type LinkTypeRow,
  type Reader,
} from "./rows.ts";
import type { JsonObject } from "../../base/json.ts";

/** Where the board is and how it is spoken to; one for each process. */
export class BoardConnection {
  private readonly options: RpcOptions & { readonly headers: Readonly<Record<string, string>> };

  constructor(options: RpcOptions) {
    this.options = { ...options, headers: rpcHeaders(options.config) };
  }

  /** The board as one task sees it. With a guard, nothing is written once the right to act is lost. */
  open(ports: Ports, guard?: Guard): Board {
    return new Board(new Rpc(ports, this.options, guard), this.options);
  }
}

/** A card as a target of calls: `label` is its reference or title, for the call's name. */
export interface CardHandle {
  readonly id: number;
  readonly label: string;
}

export interface NewCard {
  readonly projectId: number;
  readonly title: string;
  readonly description: string;
  readonly reference: string;
  readonly columnId: number;
  readonly swimlaneId: number;
}

/** Kanboard's procedures that the core uses. Creations answer `false` when the board refuses without a reason. */
export class Board {
  private readonly rpc: Rpc;
  private readonly options: RpcOptions;

  constructor(rpc: Rpc, options: RpcOptions) {
    this.rpc = rpc;
    this.options = options;
  }

  get ports(): Ports {
    return this.rpc.ports;
  }

  /** null when there is no such project. */
  getProjectId(name: string): Promise<Answer<number | null>> {
    return this.read("getProjectByName", { name }, name, readProjectId);
  }

  getColumns(projectId: number): Promise<Answer<readonly ColumnRow[]>> {
    return this.read("getColumns", { project_id: projectId }, this.project, readColumns);
  }

  /** All cards that are open, or all that are closed, by id. */
  getAllTasks(projectId: number, which: "open" | "closed" = "open"): Promise<Answer<readonly CardRow[]>> {
    const params = { project_id: projectId, status_id: which === "open" ? 1 : 0 };
    return this.read("getAllTasks", params, which === "open" ? this.project : `${this.project} closed`, readCards);
  }

  getTask(card: CardHandle): Promise<Answer<CardRow | null>> {
    return this.read("getTask", { task_id: card.id }, card.label, readCardOrNull);
  }

  /** The first by id, open or closed. */
  getTaskByReference(projectId: number, reference: string): Promise<Answer<CardRow | null>> {
    return this.read("getTaskByReference", { project_id: projectId, reference }, reference, readCardOrNull);
  }

  getTaskTags(card: CardHandle): Promise<Answer<readonly string[]>> {
    return this.read("getTaskTags", { task_id: card.id }, card.label, readTags);
  }

  /** Replaces the whole set. */
  setTaskTags(projectId: number, card: CardHandle, tags: readonly string[]): Promise<Answer<boolean>> {
    return this.repeat("setTaskTags", { project_id: projectId, task_id: card.id, tags }, card.label, readDone);
  }

  getTaskMetadata(card: CardHandle): Promise<Answer<Readonly<Record<string, string>>>> {
    return this.read("getTaskMetadata", { task_id: card.id }, card.label, readMetadata);
  }

  /** Merges into what is there. */
  saveTaskMetadata(card: CardHandle, values: Readonly<Record<string, string>>): Promise<Answer<boolean>> {
    return this.repeat("saveTaskMetadata", { task_id: card.id, values }, card.label, readDone);
  }

  getAllLinks(): Promise<Answer<readonly LinkTypeRow[]>> {
    return this.read("getAllLinks", {}, this.project, readLinkTypes);
  }

  getAllTaskLinks(card: CardHandle): Promise<Answer<readonly LinkRow[]>> {
    return this.read("getAllTaskLinks", { task_id: card.id }, card.label, readLinks);
  }

  /** `false` also when the link exists already, so a repetition does no harm. */
  createTaskLink(card: CardHandle, oppositeId: number, linkId: number): Promise<Answer<number | false>> {
    const params = { task_id: card.id, opposite_task_id: oppositeId, link_id: linkId };
    return this.repeat("createTaskLink", params, card.label, readCreated);
  }

  createTask(card: NewCard): Promise<Answer<number | false>> {
    const params = {
      title: card.title,
      project_id: card.projectId,
      description: card.description,
      reference: card.reference,
      column_id: card.columnId,
      swimlane_id: card.swimlaneId,
    };
    return this.create("createTask", params, card.reference, readCreated);
  }

  /** @param key the reference that the copy is made for */
  duplicateTask(cardId: number, projectId: number, key: string): Promise<Answer<number | false>> {
    return this.create("duplicateTaskToProject", { task_id: cardId, project_id: projectId }, key, readCreated);
  }

  updateTask(
    card: CardHandle,
    values: { readonly title?: string; readonly description?: string; readonly reference?: string },
  ): Promise<Answer<boolean>> {
    return this.repeat("updateTask", { id: card.id, ...values }, card.label, readDone);
  }

  closeTask(card: CardHandle): Promise<Answer<boolean>> {
    return this.repeat("closeTask", { task_id: card.id }, card.label, readDone);
  }

  getAllComments(card: CardHandle): Promise<Answer<readonly CommentRow[]>> {
    return this.read("getAllComments", { task_id: card.id }, card.label, readComments);
  }

  createComment(card: CardHandle, content: string): Promise<Answer<number | false>> {
    const params = { task_id: card.id, user_id: this.options.config.userId, content };
    return this.create("createComment", params, card.label, readCreated);
  }

  getAllTaskFiles(card: CardHandle): Promise<Answer<readonly FileRow[]>> {
    return this.read("getAllTaskFiles", { task_id: card.id }, card.label, readFiles);
  }

  /** @param content text, sent as base64 of its UTF-8 */
  createTaskFile(
    projectId: number,
    card: CardHandle,
    file: { readonly name: string; readonly content: string },
  ): Promise<Answer<number | false>> {
    const blob = Buffer.from(file.content).toString("base64");
    const params = { project_id: projectId, task_id: card.id, filename: file.name, blob };
    return this.create("createTaskFile", params, `${card.label}/${file.name}`, readCreated);
  }

  /** base64; empty when the file is gone. */
  downloadTaskFile(fileId: number, key: string): Promise<Answer<string>> {
    return this.read("downloadTaskFile", { file_id: fileId }, key, readText);
  }

  /** `false` when it is gone already. */
  removeTaskFile(fileId: number, key: string): Promise<Answer<boolean>> {
    return this.repeat("removeTaskFile", { file_id: fileId }, key, readDone);
  }

  private get project(): string {
    return this.options.config.project;
  }

  private read<Value>(method: string, params: JsonObject, key: string, read: Reader<Value>): Promise<Answer<Value>> {
    return this.call("read", method, params, key, read);
  }

  private repeat<Value>(method: string, params: JsonObject, key: string, read: Reader<Value>): Promise<Answer<Value>> {
    return this.call("repeatable", method, params, key, read);
  }

  private create<Value>(method: string, params: JsonObject, key: string, read: Reader<Value>): Promise<Answer<Value>> {
    return this.call("creation", method, params, key, read);
  }

  private call<Value>(
    effect: Effect,
    method: string,
    params: JsonObject,
    key: string,
    read: Reader<Value>,
  ): Promise<Answer<Value>> {
    return this.rpc.call({ effect, method, params, key, read });
  }
}

/** `false` where the board promises `true`: it refused, and gives no reason. */
export function mustBeTrue(answer: Answer<boolean>): Answer<void> {
  if (answer.kind !== "ok") return answer;
  return answer.value ? { kind: "ok", value: undefined } : { kind: "fail", reason: "the board answered false" };
}

/** The id of what was created; a refusal is a failure that may pass. */
export function mustBeCreated(answer: Answer<number | false>): Answer<number> {
  if (answer.kind !== "ok") return answer;
  if (answer.value === false) return { kind: "fail", reason: "the board refused the creation" };
  return { kind: "ok", value: answer.value };
}
