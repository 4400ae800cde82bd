import { http, HttpResponse, type HttpHandler } from "msw";

/** What the peer of a comparison does beside running the poller. */
export interface Peer {
  /** Whether answers stand ready, or come from a board and a model that remember. */
  readonly fakes: "ready" | "stateful";
  /** Whether each test begins with modules of its own, as each life of a process does. */
  readonly freshModules: boolean;
  readonly tests: number;
}

export const pollMs = 5_000;
export const polls = 12;

/** The first poll reads the board's columns, its cards and the card's comments, asks the model and writes; the others find it done. */
export function requestsAfter(poll: number): number {
  return 3 * poll + 2;
}

/** Handlers that do no more than they must for the poller to do its work: of the board they know one comment. */
export function readyAnswers(boardUrl: string, modelUrl: string): HttpHandler[] {
  const comments: { comment: string }[] = [];
  const answers: Readonly<Record<string, (params: { content: string }) => unknown>> = {
    getColumns: () => [{ id: 1, title: "Ready" }],
    getAllTasks: () => [{ id: 1, title: "Card 1", column_id: 1 }],
    getAllComments: () => comments,
    createComment: ({ content }) => comments.push({ comment: content }),
  };
  return [
    http.post(boardUrl, async ({ request }) => {
      const { method, params } = (await request.json()) as { method: string; params: { content: string } };
      return HttpResponse.json({ jsonrpc: "2.0", id: 1, result: answers[method]!(params) as never });
    }),
    http.post(modelUrl, () => HttpResponse.json({ choices: [{ message: { content: "first this" } }] })),
  ];
}
