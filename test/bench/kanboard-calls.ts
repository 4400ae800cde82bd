import { Kanboard, type BoardState } from "../../fakes/kanboard/kanboard.ts";
import { Body } from "../../src/base/body.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { ServiceContext } from "../../src/ports/service.ts";

/**
 * Calls of each method on boards of any size: what a call of the fake costs is measured with them. A board has one
 * project with all cards in eleven columns, one in ten of them closed, and an empty project; each card has a reference,
 * every tenth a tag, metadata, a comment, a file and a subtask.
 */

export const columnCount = 11;
const cardsPerTag = 50;
const firstMs = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Cards have the ids 1 to `cards`; card n stands in column 1 + (n - 1) % 11 and has the reference `ref-n`. */
export function boardOf(cards: number): BoardState {
  const board = new Kanboard(options);
  const seed = (method: string, params: JsonObject | readonly JsonValue[]): JsonValue =>
    board.seed(method, params, firstMs);
  seed("createProject", ["Project"]);
  seed("saveProjectMetadata", [1, { round: "1" }]);
  for (let column = 5; column <= columnCount; column++) seed("addColumn", [1, `Lane ${column}`]);
  for (let card = 1; card <= cards; card++) {
    const description = `What card ${card} asks for, in a line or two as people write them.`;
    seed("createTask", {
      title: `Card ${card}`,
      project_id: 1,
      column_id: columnOf(card),
      description,
      reference: `ref-${card}`,
      tags: card % 10 === 0 ? [`tag-${Math.floor(card / (10 * cardsPerTag))}`] : [],
    });
    if (card % 10 === 0) {
      seed("saveTaskMetadata", [card, { owner: "worker-a", attempt: "1" }]);
      seed("createComment", [card, 0, `A remark on card ${card}`]);
      seed("createTaskFile", [1, card, "note.md", "aGVsbG8="]);
      seed("createSubtask", [card, "check"]);
    }
    if (card % 10 === 9) seed("closeTask", [card]);
  }
  seed("createProject", ["Archive"]);
  return board.state();
}

export function columnOf(card: number): number {
  return 1 + ((card - 1) % columnCount);
}

/** What the n-th call of each method asks for, on a board of at least 100 cards. The first 50 calls of one go to different cards. */
export const callsByMethod: Readonly<Record<string, (n: number, cards: number) => JsonObject | readonly JsonValue[]>> =
  {
    getVersion: () => [],
    getTimezone: () => [],
    getAllProjects: () => [],
    getProjectMetadata: () => [1],
    getProjectMetadataByName: () => [1, "round"],
    getProjectById: () => [1],
    getProjectByName: () => ["Project"],
    getColumns: () => [1],
    getActiveSwimlanes: () => [1],
    getAllSwimlanes: () => [1],
    getColumn: (n) => [1 + (n % columnCount)],
    getAllLinks: () => [],
    getTagsByProject: () => [1],
    getTask: (n, cards) => [cardOf(n, cards)],
    getTaskByReference: (n, cards) => [1, `ref-${cardOf(n, cards)}`],
    getTaskTags: (n, cards) => [taggedOf(n, cards)],
    getTaskMetadata: (n, cards) => [taggedOf(n, cards)],
    getTaskMetadataByName: (n, cards) => [taggedOf(n, cards), "owner"],
    getAllTaskLinks: (n, cards) => [cardOf(n, cards)],
    getAllTaskFiles: (n, cards) => [taggedOf(n, cards)],
    getAllComments: (n, cards) => [taggedOf(n, cards)],
    getComment: (n, cards) => [taggedOf(n, cards) / 10],
    getSubtask: (n, cards) => [taggedOf(n, cards) / 10],
    getAllSubtasks: (n, cards) => [taggedOf(n, cards)],
    getAllTasks: () => [1],
    getBoard: () => [1],
    searchTasks: (n, cards) => [1, queryOf(n, cards)],
    getOverdueTasks: () => [],
    createProject: (n) => [`Project ${n}`],
    createTask: (n) => ({ title: `New ${n}`, project_id: 1, reference: `new-${n}`, column_id: 1 + (n % columnCount) }),
    updateTask: (n, cards) => ({ id: cardOf(n, cards), title: `Title ${n}` }),
    moveTaskPosition: (n, cards) => [
      1,
      cardOf(n, cards),
      1 + (columnOf(cardOf(n, cards)) % columnCount),
      1 + (n % 5),
      1,
    ],
    closeTask: (n, cards) => [cardOf(n, cards)],
    openTask: (n, cards) => [cardOf(n, cards)],
    removeTask: (n, cards) => [cardOf(n, cards)],
    duplicateTaskToProject: (n, cards) => [cardOf(n, cards), 1],
    moveTaskToProject: (n, cards) => [cardOf(n, cards), 2],
    setTaskTags: (n, cards) => [1, cardOf(n, cards), [`tag-${n % 3}`, "agent"]],
    saveTaskMetadata: (n, cards) => [cardOf(n, cards), { owner: `worker-${n % 3}` }],
    saveProjectMetadata: (n) => [1, { round: String(n) }],
    createComment: (n, cards) => [cardOf(n, cards), 0, `Remark ${n}`],
    updateComment: (n, cards) => [taggedOf(n, cards) / 10, `Remark ${n}`],
    createSubtask: (n, cards) => [cardOf(n, cards), `Step ${n}`],
    updateSubtask: (n, cards) => [taggedOf(n, cards) / 10, taggedOf(n, cards), `Step ${n}`],
    createTaskFile: (n, cards) => [1, cardOf(n, cards), `note-${n}.md`, "aGVsbG8="],
    createTaskLink: (n, cards) => [cardOf(n, cards), cardOf(n + 1, cards), 2],
    createExternalTaskLink: (n, cards) => [cardOf(n, cards), `http://example.test/${n}`, "related", "weblink", "Page"],
    addColumn: (n) => [1, `Column ${n}`],
    updateColumn: (n) => [1 + (n % columnCount), `Column ${n}`],
    changeColumnPosition: (n) => [1, 1 + (n % columnCount), 1 + ((n + 1) % columnCount)],
    addSwimlane: (n) => [1, `Swimlane ${n}`],
    createCategory: (n) => [1, `Category ${n}`],
    createTag: (n) => [1, `new-${n}`],
    createUser: (n) => [`user-${n}`, "password"],
    updateProject: (n) => [1, `Project ${n}`],
  };

/** A few cards of any board: by reference, id or tag. */
function queryOf(n: number, cards: number): string {
  const card = cardOf(n, cards);
  return [`ref:ref-${card}`, `id:${card}`, "tag:tag-0 status:open", `ref:ref-${card} column:${columnOf(card)}`][n % 4]!;
}

/** Cards in an order that jumps about. */
function cardOf(n: number, cards: number): number {
  return 1 + ((n * 7919) % cards);
}

function taggedOf(n: number, cards: number): number {
  return 10 * (1 + ((n * 7919) % Math.floor(cards / 10)));
}

/** A board that starts with a state. */
export function boardFrom(initial: BoardState): Kanboard {
  return new Kanboard({ ...options, initial });
}

/** A request whose body is a value, or text when `isEncoded`. */
export function requestFor(
  method: string,
  params: JsonObject | readonly JsonValue[],
  isEncoded: boolean,
): IncomingRequest {
  const value: JsonObject = { jsonrpc: "2.0", method, params, id: 1 };
  const body = isEncoded ? Body.ofText(JSON.stringify(value)) : Body.ofJson(value);
  return { method: "POST", path: "/jsonrpc.php", headers, body };
}

/** Serves a request at once, with nobody in between. */
export function serve(board: Kanboard, request: IncomingRequest): OutgoingResponse {
  const serving = board.serve(request, context);
  for (;;) {
    const turn = serving.next(undefined);
    if (turn.done === true) return turn.value;
  }
}

const options = { origin: "http://board.test", apiToken: "token" };
const headers = { authorization: `Basic ${Buffer.from("jsonrpc:token").toString("base64")}` };

const context: ServiceContext = {
  fault: undefined,
  nowMs: () => firstMs,
  record: () => {},
  draw: () => 0,
  unmodelled: ({ method }) => {
    throw new Error(`${method} is not modelled`);
  },
};
