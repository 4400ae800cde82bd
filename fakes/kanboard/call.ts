import { assert } from "../../src/base/assert.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { ServiceContext, ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import type { BoardChange } from "./changes.ts";
import type { Failure } from "./failure.ts";
import type { CustomField } from "./methods/custom-fields.ts";
import { rowId } from "./sqlite.ts";
import { everything, type CardResource, type Statements } from "./statements.ts";
import type { Store } from "./store.ts";
import type { TaskRow, UserRow } from "./rows.ts";

/** What a procedure gives back. */
export type Answer = JsonValue | Failure;

/** A procedure, or a part of one, that runs statement by statement. */
export type Statementwise<Result = Answer> = Generator<ServiceStep, Result, ServiceResume>;

/** Where webhooks go: one URL for the whole installation. `timeLimitMs` is the server's HTTP_TIMEOUT. */
export interface Webhook {
  readonly url: string;
  readonly token: string;
  readonly timeLimitMs: number;
}

/** What every call of one board shares. */
export interface Installation {
  readonly store: Store;
  readonly statements: Statements;
  /** Of links to its own pages, with a slash at the end. */
  readonly baseUrl: string;
  readonly webhook: Webhook | null;
  /** Of the plugin MetaMagik, by their position; undefined without it. */
  readonly customFields: readonly CustomField[] | undefined;
}

/** One procedure call: who calls, on which board, and when. */
export class Call {
  readonly store: Store;
  readonly statements: Statements;
  readonly installation: Installation;
  readonly context: Pick<ServiceContext, "nowMs" | "record" | "unmodelled">;
  /** Undefined for the application token. */
  readonly user: UserRow | undefined;
  /** What PHP wrote before the answer. */
  printed = "";

  constructor(installation: Installation, context: Call["context"], user: UserRow | undefined) {
    this.installation = installation;
    this.store = installation.store;
    this.statements = installation.statements;
    this.context = context;
    this.user = user;
  }

  /** 0 for the application token. */
  get userId(): number {
    return this.user?.id ?? 0;
  }

  /** Unix time in whole seconds. */
  nowS(): number {
    return Math.floor(this.context.nowMs() / 1000);
  }

  record(change: BoardChange): void {
    this.context.record(change);
  }

  /** Says that a statement wrote. */
  commit(): void {
    this.store.commits++;
  }

  /** The project of a card, 0 for an unknown one. */
  projectOf(card: JsonValue): number {
    return this.store.tasks.find(card)?.project_id ?? 0;
  }

  readsCard(resource: CardResource, card: JsonValue): ServiceStep {
    return this.statements.read(resource, rowId(card));
  }

  /** Of a row that names its card; a row that is not there yet might come before it is read. */
  readsOwner(resource: CardResource, row: { readonly task_id: number } | undefined): ServiceStep {
    return row === undefined ? everything : this.statements.read(resource, row.task_id);
  }

  writesCard(resource: CardResource, card: JsonValue): ServiceStep {
    return this.statements.write(resource, rowId(card), this.projectOf(card));
  }

  /** Adds or removes a row. */
  insertsInto(resource: CardResource, card: JsonValue): ServiceStep {
    return this.statements.insert(resource, rowId(card), this.projectOf(card));
  }

  /** Replaces a card's row and says so. */
  updateTask(row: TaskRow, changes: Partial<TaskRow>): TaskRow {
    const current = this.store.tasks.find(row.id);
    assert(current !== undefined, `card ${row.id} is gone`);
    this.commit();
    return this.store.updateTask(current, changes);
  }
}

/** A row as the API shows it. */
export type Shape = JsonObject;
