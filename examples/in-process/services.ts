const { KANBOARD_URL, KANBOARD_USER, KANBOARD_TOKEN, OPENAI_BASE_URL, OPENAI_API_KEY } = process.env;

/** One call of the board's API. */
export async function board<Result>(method: string, params: object): Promise<Result> {
  const credentials = Buffer.from(`${KANBOARD_USER}:${KANBOARD_TOKEN}`).toString("base64");
  const { result } = (await post(KANBOARD_URL ?? "", `Basic ${credentials}`, {
    jsonrpc: "2.0",
    id: 1,
    method,
    params,
  })) as {
    result: Result;
  };
  return result;
}

/** What the model answers. */
export async function model(prompt: string): Promise<string> {
  const messages = [{ role: "user", content: prompt }];
  const answer = (await post(`${OPENAI_BASE_URL}/chat/completions`, `Bearer ${OPENAI_API_KEY}`, {
    model: "planner",
    messages,
  })) as { choices: { message: { content: string } }[] };
  return answer.choices[0]?.message.content ?? "";
}

async function post(url: string, authorization: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
