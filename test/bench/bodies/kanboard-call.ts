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
      // As many as any trial of the harness asks for.
      requests: Array.from({ length: 2 * calls }, (_, n) =>
        requestFor(method, callsByMethod[method]!(n, cards), false),
      ),
    }),
    body: ({ board, requests }, count) => {
      let answered = 0;
      for (let n = 0; n < count; n++) if (serve(board, requests[n]!).status === 200) answered++;
      return answered;
    },
    isDone: (answered, _, count) => answered === count,
  }),
);

/** Made when it is first asked for: boards share what they do not change. */
let state: BoardState | undefined;

function boardState(): BoardState {
  state ??= boardOf(cards);
  return state;
}
