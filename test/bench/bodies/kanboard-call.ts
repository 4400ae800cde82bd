import { boardFrom, boardOf, callsByMethod, requestFor, serve } from "../kanboard-calls.ts";
import type { BoardState } from "../../../fakes/kanboard/kanboard.ts";
import { timedBench, type BenchModule } from "../../../src/bench/bench-module.ts";

const cards = 1_000;
const calls = 200;
const methods = ["getTask", "getAllTasks", "setTaskTags", "moveTaskPosition"];

/** A call of the fake Kanboard on a board of a thousand cards, as values. */
export const kanboardCalls: readonly BenchModule[] = methods.map((method) =>
  timedBench({
    name: `Kanboard ${method}`,
    about: `one call of ${method} on a board of ${cards} cards`,
    operations: calls,
    setUp: () => ({
      board: boardFrom(boardState()),
      requests: Array.from({ length: calls }, (_, n) => requestFor(method, callsByMethod[method]!(n, cards), false)),
    }),
    body: ({ board, requests }) => requests.filter((request) => serve(board, request).status === 200).length,
    isDone: (answered) => answered === calls,
  }),
);

/** Made when it is first asked for: boards share what they do not change. */
let state: BoardState | undefined;

function boardState(): BoardState {
  state ??= boardOf(cards);
  return state;
}
