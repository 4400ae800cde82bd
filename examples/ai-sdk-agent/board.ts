const { KANBOARD_URL = "", KANBOARD_USER = "jsonrpc", KANBOARD_TOKEN = "" } = process.env;

export interface Card {
  readonly id: number;
  readonly title: string;
  readonly column_id: number;
  /** When somebody moved it last, in seconds. */
  readonly date_moved: number;
}

const project_id = 1;

/** One call of the board's API. */
async function call<Result>(method: string, params: object): Promise<Result> {
  const response = await fetch(KANBOARD_URL, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${KANBOARD_USER}:${KANBOARD_TOKEN}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${method}: the board answered ${response.status}`);
  return ((await response.json()) as { result: Result }).result;
}

/** The number of a column of this title. */
export async function columnOf(title: string): Promise<number | undefined> {
  const columns = await call<{ id: number; title: string }[]>("getColumns", { project_id });
  return columns.find((column) => column.title === title)?.id;
}

/** All cards that are open. */
export const openCards = (): Promise<Card[]> => call("getAllTasks", { project_id, status_id: 1 });

export const moveCard = (task_id: number, column_id: number): Promise<boolean> =>
  call("moveTaskPosition", { project_id, task_id, column_id, position: 1, swimlane_id: 1 });

export const comment = (task_id: number, content: string): Promise<number | false> =>
  call("createComment", { task_id, user_id: 1, content });

export async function commentsOf(task_id: number): Promise<readonly string[]> {
  const comments = await call<{ comment: string }[]>("getAllComments", { task_id });
  return comments.map(({ comment }) => comment);
}

/** The board has one tag of a name: of all who ask for it, one is told its number, and the others `false`. */
export const makeTag = (tag: string): Promise<number | false> => call("createTag", { project_id, tag });
