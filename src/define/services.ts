import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { ModelProvider, type ModelProviderOptions } from "../../fakes/llm/model-provider.ts";
import type { ModelScript } from "../../fakes/llm/model-script.ts";
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../base/json.ts";
import type { Service } from "../ports/service.ts";
import type { ServiceOptions } from "../sim/network.ts";

/** A service at its origin. Each run gets one of its own. */
export interface ServiceDefinition extends ServiceOptions {
  /** As `http://board.test`: what processes call it by. */
  readonly origin: string;
  readonly create: () => Service;
}

export interface BoardOptions extends ServiceOptions {
  /** Default `http://board.test`; the API is at `/jsonrpc.php` below it. */
  readonly origin?: string;
  /** Of the user `jsonrpc`. Default `board-token`. */
  readonly apiToken?: string;
  /** Name of the project, which is number 1. Default `Board`. */
  readonly project?: string;
  /** Titles from left to right. Default: Kanboard's own four. */
  readonly columns?: readonly string[];
  /** What stands on the board at the beginning, numbered from 1. */
  readonly cards?: readonly BoardCard[];
  /** Where the board sends its events, synchronously as Kanboard does. */
  readonly webhook?: { readonly url: string; readonly token: string; readonly timeLimitMs: number };
  /** Every project requires a custom field, so that `createTask` is refused. */
  readonly mandatoryFields?: boolean;
  /** Whatever else it needs, by calls of its API. The server's refusals (`false`, 0) are results. */
  readonly setUp?: (call: (method: string, params: JsonArray | JsonObject) => JsonValue) => void;
}

export interface BoardCard {
  readonly title: string;
  /** From 1, the left one. Default 1. */
  readonly column?: number;
  readonly reference?: string;
  readonly description?: string;
}

/** A Kanboard with one project, set up once and copied for each run. */
export function kanboard(options: BoardOptions = {}): ServiceDefinition {
  const { origin = "http://board.test", apiToken = "board-token", webhook, mandatoryFields = false, latency } = options;
  const template = new Kanboard({ origin, apiToken });
  setUpBoard(template, options);
  const initial = template.state();
  return {
    origin,
    ...(latency === undefined ? {} : { latency }),
    create: () =>
      new Kanboard({
        origin,
        apiToken,
        initial,
        ...(webhook === undefined ? {} : { webhook }),
        ...(mandatoryFields ? { customFields: [{ name: "mandatory", required: true }] } : {}),
      }),
  };
}

export interface LlmOptions extends Omit<ModelProviderOptions, "script">, ServiceOptions {
  /** Default `http://model.test`. */
  readonly origin?: string;
}

/** A provider of models that says what the script says. It speaks the APIs of all providers. */
export function llm(script: ModelScript, options: LlmOptions = {}): ServiceDefinition {
  const { origin = "http://model.test", latency, ...model } = options;
  return {
    origin,
    ...(latency === undefined ? {} : { latency }),
    create: () => new ModelProvider({ ...model, script }),
  };
}

/** A fake of your own. `create` is called for each run: what a run did must not outlive it. */
export function serveAt(origin: string, create: () => Service, options: ServiceOptions = {}): ServiceDefinition {
  return { origin, create, ...options };
}

const projectId = 1;
/** When the board was set up: before the run began. */
const setUpMs = Date.UTC(2026, 0, 5);

function setUpBoard(board: Kanboard, { project = "Board", columns, cards = [], setUp }: BoardOptions): void {
  const call = (method: string, params: JsonArray | JsonObject): JsonValue => board.seed(method, params, setUpMs);
  call("createProject", [project]);
  if (columns !== undefined) {
    for (const column of idsOf(call("getColumns", [projectId]))) call("removeColumn", [column]);
    for (const title of columns) call("addColumn", [projectId, title]);
  }
  const columnIds = idsOf(call("getColumns", [projectId]));
  for (const { title, column = 1, reference = "", description = "" } of cards) {
    const columnId = columnIds[column - 1];
    if (columnId === undefined) {
      throw new RangeError(`kanboard: card ${title}: column ${column}: there are ${columnIds.length}, from 1`);
    }
    call("createTask", { title, project_id: projectId, column_id: columnId, reference, description });
  }
  setUp?.(call);
}

function idsOf(rows: JsonValue): number[] {
  return isJsonArray(rows) ? rows.filter(isJsonObject).map((row) => Number(row["id"])) : [];
}
