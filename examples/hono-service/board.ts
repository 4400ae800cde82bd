const { KANBOARD_URL = "", KANBOARD_USER = "jsonrpc", KANBOARD_TOKEN = "" } = process.env;

export interface Card {
  readonly id: number;
  readonly title: string;
  readonly column_id: number;
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

/** All cards that are open. */
export const openCards = (): Promise<Card[]> => call("getAllTasks", { project_id, status_id: 1 });

export const writeCard = (title: string): Promise<number | false> => call("createTask", { project_id, title });

/** The board has one tag of a name: of all who ask for it, one is told its number, and the others `false`. */
export const makeTag = (tag: string): Promise<number | false> => call("createTag", { project_id, tag });

/** The number of the column that people move cards to when they want them reviewed. */
export async function reviewColumn(): Promise<number | undefined> {
  const columns = await call<{ id: number; title: string }[]>("getColumns", { project_id });
  return columns.find(({ title }) => title === "Review")?.id;
}
