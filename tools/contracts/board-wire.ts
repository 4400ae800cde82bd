import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import type { Parameter } from "../../fakes/kanboard/procedure.ts";
import { procedures } from "../../fakes/kanboard/procedures.ts";
import { assert } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import type { ServiceContext, ServiceResume } from "../../src/ports/service.ts";
import { shapeOf } from "./shape.ts";

/** What the fake Kanboard understands and what it tells: procedures with their parameters, and the webhook of each event. */
export function boardWire(): JsonObject {
  const byName = procedures.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return {
    procedures: Object.fromEntries(byName.map(({ name, parameters }) => [name, parameters.map(parameterText)])),
    webhooks: webhookShapes(),
  };
}

function parameterText({ name, fallback, isArray }: Parameter): string {
  return `${name}${isArray ? "[]" : ""}${fallback === undefined ? "" : ` = ${canonicalJson(fallback)}`}`;
}

/** By the event's name. */
function webhookShapes(): JsonObject {
  const payloads = eventPayloads();
  const byEvent = Map.groupBy(payloads, ({ event_name: name }) => canonicalJson(name!));
  return Object.fromEntries(
    [...byEvent]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, of]) => [JSON.parse(name) as string, shapeOf(of)]),
  );
}

/** Of a session in which everything happens once that a webhook tells. */
function eventPayloads(): JsonObject[] {
  const board = new Kanboard({
    origin: "http://board.test",
    apiToken: "token",
    webhook: { url: "http://receiver.test/hook", token: "secret", timeLimitMs: 1_000 },
  });
  board.seed("createProject", ["First"], nowMs);
  board.seed("createProject", ["Second"], nowMs);
  board.seed("addSwimlane", [1, "Lane"], nowMs);
  board.seed("addProjectUser", [1, 1, "project-manager"], nowMs);
  return session.flatMap(([method, params]) => webhooksOf(board, method, params));
}

const session: readonly (readonly [method: string, params: JsonObject])[] = [
  ["createTask", { title: "Card", project_id: 1, reference: "ref-1", tags: ["a"] }],
  ["createTask", { title: "Other card", project_id: 1 }],
  ["updateTask", { id: 1, title: "Card with another title" }],
  ["updateTask", { id: 1, owner_id: 1 }],
  ["moveTaskPosition", { project_id: 1, task_id: 1, column_id: 2, position: 1, swimlane_id: 1 }],
  ["moveTaskPosition", { project_id: 1, task_id: 2, column_id: 2, position: 1, swimlane_id: 1 }],
  ["moveTaskPosition", { project_id: 1, task_id: 1, column_id: 2, position: 1, swimlane_id: 1 }],
  ["moveTaskPosition", { project_id: 1, task_id: 1, column_id: 2, position: 1, swimlane_id: 2 }],
  ["createComment", { task_id: 1, user_id: 1, content: "Text" }],
  ["updateComment", { id: 1, content: "Another text" }],
  ["removeComment", { comment_id: 1 }],
  ["createSubtask", { task_id: 1, title: "Part" }],
  ["updateSubtask", { id: 1, task_id: 1, title: "Other part" }],
  ["removeSubtask", { subtask_id: 1 }],
  ["createTaskFile", { project_id: 1, task_id: 1, filename: "a.txt", blob: "YQ==" }],
  ["createTaskLink", { task_id: 1, opposite_task_id: 2, link_id: 1 }],
  ["removeTaskLink", { task_link_id: 1 }],
  ["closeTask", { task_id: 1 }],
  ["openTask", { task_id: 1 }],
  ["moveTaskToProject", { task_id: 1, project_id: 2 }],
];

function webhooksOf(board: Kanboard, method: string, params: JsonObject): JsonObject[] {
  const body = Body.ofJson({ jsonrpc: "2.0", id: 1, method, params });
  const authorization = `Basic ${Buffer.from("jsonrpc:token").toString("base64")}`;
  const serving = board.serve({ method: "POST", path: "/jsonrpc.php", headers: { authorization }, body }, context);
  const payloads: JsonObject[] = [];
  let resume: ServiceResume;
  for (let turn = serving.next(resume); ; turn = serving.next(resume)) {
    if (turn.done === true) {
      assert(hasResult(turn.value.body?.json()), `${method} is refused`);
      return payloads;
    }
    resume = undefined;
    if (turn.value.kind !== "request") continue;
    const payload = turn.value.request.body?.json();
    assert(isJsonObject(payload), "a webhook carries an object");
    payloads.push(payload);
    resume = { kind: "ok", value: { status: 200, headers: {}, body: Body.empty } };
  }
}

function hasResult(answer: JsonValue | undefined): boolean {
  return isJsonObject(answer) && answer["result"] !== undefined && answer["result"] !== false;
}

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);

const context: ServiceContext = {
  fault: undefined,
  nowMs: () => nowMs,
  record: () => {},
  draw: () => 0,
  unmodelled: ({ method }) => {
    throw new Error(`${method} is not modelled`);
  },
};
