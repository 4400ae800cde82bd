import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { isJsonArray, isJsonObject, type JsonValue } from "../../base/json.ts";
import { rpcHeaders, Rpc } from "../../orchestrator/board/rpc.ts";
import { BoardConnection } from "../../orchestrator/board/board.ts";
import type { CardRow } from "../../orchestrator/board/rows.ts";
import { laneOfTitle, laneTitles } from "../../orchestrator/decide/lanes.ts";
import { Columns } from "../../orchestrator/dispatch/columns.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ProviderConfig } from "../../orchestrator/config.ts";
import { providerOf, type ServeConfig } from "./serve-config.ts";

/** What was looked at, and whether the service could work with it. */
export interface Check {
  readonly subject: string;
  readonly state: "ok" | "problem" | "note";
  readonly text: string;
}

export interface BoardFindings {
  readonly checks: readonly Check[];
  /** undefined when the board could not be read. */
  readonly board: { readonly cards: readonly CardRow[]; readonly columns: Columns } | undefined;
}

/** Reads the board: project, lanes, user, cards. Calls of `get…` alone. */
export async function checkBoard(ports: Ports, config: ServeConfig): Promise<BoardFindings> {
  const options = { config: config.board, triesMax: 1, retryDelayMs: () => 0 };
  const board = new BoardConnection(options).open(ports);
  const project = await board.getProjectId(config.board.project);
  if (project.kind !== "ok") return { checks: [problem("board", project.reason)], board: undefined };
  if (project.value === null) {
    return { checks: [problem("board", `there is no project ${config.board.project}`)], board: undefined };
  }
  const checks: Check[] = [ok("board", `project ${config.board.project} is number ${project.value}`)];
  const rows = await board.getColumns(project.value);
  if (rows.kind !== "ok") return { checks: [...checks, problem("columns", rows.reason)], board: undefined };
  const lanes = rows.value.map(({ title }) => laneOfTitle(title));
  const absent = laneTitles.filter((_, index) => !lanes.includes(index + 1));
  checks.push(
    absent.length === 0
      ? ok("columns", `all ${laneTitles.length} lanes are there`)
      : problem("columns", `these lanes have no column: ${absent.join(", ")}`),
  );
  const rest = rows.value.filter((_, index) => lanes[index] === undefined).map(({ title }) => title);
  if (rest.length > 0) checks.push(note("columns", `no lanes, and left to people: ${rest.join(", ")}`));
  checks.push(await checkUser(ports, config));
  const cards = await board.getAllTasks(project.value);
  if (cards.kind !== "ok") return { checks: [...checks, problem("cards", cards.reason)], board: undefined };
  return { checks, board: { cards: cards.value, columns: new Columns(rows.value, ports.clock.monotonicMs()) } };
}

async function checkUser(ports: Ports, { board }: ServeConfig): Promise<Check> {
  const rpc = new Rpc(ports, { config: board, triesMax: 1, retryDelayMs: () => 0, headers: rpcHeaders(board) });
  const user = await rpc.call({
    method: "getUser",
    params: { user_id: board.userId },
    effect: "read",
    key: "user",
    read: (value) => value,
  });
  if (user.kind !== "ok") return problem("user", user.reason);
  if (!isJsonObject(user.value)) return problem("user", `the board has no user number ${board.userId}`);
  return ok("user", `comments are written by ${JSON.stringify(user.value["username"])}`);
}

/** Asks for the list of models: the one question that costs nothing. */
export async function checkModel(ports: Ports, config: ServeConfig): Promise<readonly Check[]> {
  const roles = [
    { role: "planner", part: config.model, name: config.model.models.planner },
    { role: "coder", part: config.coder, name: config.coder.model },
  ];
  const checks: Check[] = [];
  for (const { role, part, name } of roles) {
    const provider = providerOf(part);
    // Whether a tool is there is told with the other programs.
    if ("url" in provider) checks.push(await checkApi(ports, { role, provider, name }));
  }
  return checks;
}

interface ApiOfRole {
  readonly role: string;
  readonly provider: Extract<ProviderConfig, { readonly url: string }>;
  readonly name: string;
}

async function checkApi(ports: Ports, { role, provider, name }: ApiOfRole): Promise<Check> {
  const { type, url, apiKey } = provider;
  const subject = role === "planner" ? "model" : role;
  const answer = await ports.http.request({
    method: "GET",
    url: type === "ollama" ? `${url}/api/tags` : `${url}/v1/models`,
    headers:
      type === "anthropic"
        ? { "x-api-key": apiKey, "anthropic-version": "2023-06-01" }
        : { authorization: `Bearer ${apiKey}` },
    timeoutMs: 10_000,
  });
  if (answer.kind !== "ok") return problem(subject, `${url} did not answer: ${answer.error.message}`);
  const { status, body } = answer.value;
  if (status === 401 || status === 403) return problem(subject, `${url} refuses the key (${status})`);
  if (status !== 200) return note(subject, `${url} answered ${status} to a listing; whether it works is open`);
  const names = modelNames(body.json());
  if (names.length > 0 && !names.includes(name)) return problem(subject, `the model ${name} is not listed`);
  return ok(subject, `${url} answers${names.length === 0 ? "" : `, and lists ${name}`}`);
}

function modelNames(value: JsonValue | undefined): readonly string[] {
  const data = isJsonObject(value) ? (value["data"] ?? value["models"]) : undefined;
  if (!isJsonArray(data)) return [];
  const nameOf = (each: JsonValue): JsonValue | undefined =>
    isJsonObject(each) ? (each["id"] ?? each["name"]) : undefined;
  return data.map(nameOf).filter((name) => typeof name === "string");
}

/** Where they are; none is started. */
export function checkPrograms({ model, coder }: ServeConfig, searchPath: string): readonly Check[] {
  const tools = [model, coder].map(providerOf).flatMap((provider) => ("command" in provider ? [provider.command] : []));
  return [...new Set(["git", "pytest", ...tools])].map((command) => {
    const candidates = isAbsolute(command)
      ? [command]
      : searchPath
          .split(delimiter)
          .filter((folder) => folder !== "")
          .map((folder) => join(folder, command));
    const found = candidates.find(isExecutable);
    return found === undefined
      ? problem("program", `${command} is not on PATH`)
      : ok("program", `${command} is ${found}`);
  });
}

/** Nothing is made: whether it could be is told by the nearest folder above that is there. */
export function checkFolders({ projectsFolder, stateFolder }: ServeConfig): readonly Check[] {
  return [projectsFolder, stateFolder].map((folder) => {
    const existing = nearestExisting(folder);
    if (!statSync(existing).isDirectory()) return problem("folder", `${existing} is not a folder`);
    if (!isAllowed(existing, constants.W_OK | constants.X_OK))
      return problem("folder", `${existing} cannot be written to`);
    return ok("folder", existing === folder ? folder : `${folder} would be made`);
  });
}

/** Takes the port for a moment. What the board is told cannot be asked of it. */
export async function checkWebhook(ports: Ports, { webhook }: ServeConfig): Promise<readonly Check[]> {
  if (webhook === "off") return [note("webhook", "off: pollers find what happens")];
  const { host, port } = webhook;
  const server = await ports.http.listen({ host, port, bodyBytesMax: 1 }, () => Promise.resolve({ status: 503 }));
  if (server.kind !== "ok") return [problem("webhook", `${host}:${port}: ${server.error.message}`)];
  await server.value.close();
  const url = `http://${host}:${port}/webhook`;
  return [
    ok("webhook", `${host}:${port} is free`),
    note("webhook", `Kanboard does not tell its webhook: its URL must be ${url}?token=… or reach it, with this token`),
  ];
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function isExecutable(path: string): boolean {
  return isAllowed(path, constants.X_OK) && statSync(path).isFile();
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function ok(subject: string, text: string): Check {
  return { subject, state: "ok", text };
}

function problem(subject: string, text: string): Check {
  return { subject, state: "problem", text };
}

function note(subject: string, text: string): Check {
  return { subject, state: "note", text };
}
