import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalFormOf, type NormalForm } from "../../src/fidelity/normal-form.ts";
import type { Recording } from "../../src/fidelity/recording.ts";
import { callOf, cardCreated, changeOf, recordingOf, type CallGiven } from "./recordings.ts";

function factsOf(given: Partial<Recording>): NormalForm {
  return normalFormOf(recordingOf(given));
}

const comment = (text: string, card = 1, process = "worker") =>
  changeOf({ store: "board", type: "comment.created", card, comment: 1, text }, process);

describe("the same in the normal form", () => {
  test("are runs that looked at the same more or less often, in whatever order", () => {
    const looks = fc.constantFrom("getColumns", "getAllTasks", "getAllComments");
    fc.assert(
      fc.property(fc.array(looks, { minLength: 1 }), fc.array(looks), (methods, again) => {
        const more = [...methods, ...again.filter((each) => methods.includes(each))].toReversed();
        const calls = (names: readonly string[]) => ({ exchanges: names.map((name) => callOf(name)) });
        expect(factsOf(calls(more))).toEqual(factsOf(calls(methods)));
      }),
    );
  });

  test("are runs that gave cards other numbers", () => {
    const run = (first: number, second: number) =>
      factsOf({
        changes: [cardCreated(first, "Log in"), cardCreated(second, "Log out"), comment("a plan", second)],
        exchanges: [
          callOf("getAllComments", {
            params: { task_id: second },
            result: [{ id: first, task_id: second, comment: "x" }],
            at: 3,
          }),
          callOf("updateTask", { params: { id: first, title: "Log in" }, result: true, at: 3 }),
          callOf("createTask", { params: { title: "Log out" }, result: second, at: 3 }),
        ],
      });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 2 }),
        ([first, second]) => {
          expect(run(first!, second!)).toEqual(run(1, 2));
        },
      ),
    );
  });

  test("are runs at other moments, at other addresses, in other folders", () => {
    const run = (second: number, origin: string, folder: string) =>
      factsOf({
        places: [
          [origin, "http://board.test"],
          [folder, "/app"],
        ],
        exchanges: [callOf("getTask", { result: { date_due: second, url: `${origin}/?task_id=1` } })],
        files: new Map([["/app/log", `${new Date(second * 1_000).toISOString()} ${second} in ${folder}`]]),
      });
    expect(run(1_777_000_000, "http://127.0.0.1:4123", "/scratch/x")).toEqual(
      run(1_767_603_600, "http://board.test", "/app"),
    );
  });

  test("are changes by two processes at the same time, whoever was first", () => {
    const [left, right] = [comment("left", 1, "left"), comment("right", 1, "right")];
    const before = cardCreated(1, "Log in");
    const one = factsOf({ changes: [before, left, right] });
    const other = factsOf({ changes: [before, right, left] });
    expect(other).toEqual(one);
  });

  test("are signs of life that repeat as long as the run lasts", () => {
    const beat = (count: number) =>
      factsOf({
        changes: Array.from({ length: count }, () => comment("alive")),
        exchanges: Array.from({ length: count }, (_, at) => callOf("createComment", { at, own: 1 })),
      });
    // Each answer is one of another state.
    const changesOf = (form: NormalForm) => [...form.values()].filter(({ aspect }) => aspect !== "answer");
    expect(changesOf(beat(9))).toEqual(changesOf(beat(7)));
  });
});

describe("told apart in the normal form", () => {
  test.for<[string, Partial<Recording>, Partial<Recording>]>([
    ["a change that was made twice", { exchanges: twice({ own: 1 }) }, { exchanges: twice({ own: 1 }).slice(1) }],
    [
      "the order of what one process did to one card",
      { changes: [comment("first"), comment("then")] },
      { changes: [comment("then"), comment("first")] },
    ],
    [
      "the same asked of the same state, and answered otherwise",
      { exchanges: [callOf("getColumns", { result: [{ id: 1, title: "Ready" }] })] },
      { exchanges: [callOf("getColumns", { result: [{ id: 1, title: "ready" }] })] },
    ],
    [
      "a number that comes as a text",
      { changes: [cardCreated(1, "Log in")], exchanges: [callOf("getTask", { result: { task_id: 1 }, at: 1 })] },
      { changes: [cardCreated(1, "Log in")], exchanges: [callOf("getTask", { result: { task_id: "1" }, at: 1 })] },
    ],
    [
      "a header that is missing",
      { exchanges: [callOf("getTask", { headers: { "x-trace": "1" } })] },
      { exchanges: [callOf("getTask")] },
    ],
    [
      "another secret",
      { exchanges: [callOf("getTask", { headers: { authorization: "Basic a" } })] },
      { exchanges: [callOf("getTask", { headers: { authorization: "Basic b" } })] },
    ],
    ["a file that is missing", { files: new Map([["/app/plan.md", "a plan"]]) }, {}],
    [
      "a file of other content",
      { files: new Map([["/app/plan.md", "a"]]) },
      { files: new Map([["/app/plan.md", "b"]]) },
    ],
    [
      "another argument of a program",
      { starts: [{ name: "git", process: "worker", args: ["add", "."] }] },
      { starts: [{ name: "git", process: "worker", args: ["add", "-A"] }] },
    ],
    [
      "what a commit changed",
      { commits: [{ branch: "main", message: "Plan", changed: ["plan.md"] }] },
      { commits: [{ branch: "main", message: "Plan", changed: [] }] },
    ],
    ["a crash", { lives: [{ process: "worker", what: "crash", reason: "" }] }, {}],
    [
      "a webhook that nobody took",
      { webhooks: [{ name: "webhook.task.create", result: "ECONNREFUSED" }] },
      { webhooks: [{ name: "webhook.task.create", result: "200" }] },
    ],
    ["what a fake does not model", { unmodelled: ["getLinkById"] }, {}],
  ])("%s", ([, one, other]) => {
    const plain = (form: NormalForm) => [...form.values()];
    expect(plain(factsOf(one))).not.toEqual(plain(factsOf(other)));
  });

  test("answers of another state are not held against each other", () => {
    const title = (at: number, result: string) => ({
      changes: [cardCreated(1, "Log in")],
      exchanges: [callOf("getTask", { result, at })],
    });
    const answers = (form: NormalForm) => [...form].filter(([, { aspect }]) => aspect === "answer").map(([key]) => key);
    expect(answers(factsOf(title(0, "before")))).not.toEqual(answers(factsOf(title(1, "after"))));
  });

  test("an answer that came while others wrote is left out, and no secret is told", () => {
    const exchange = { ...callOf("getTask", { headers: { authorization: "Basic secret" } }), changesAfter: 1 };
    const form = factsOf({ changes: [cardCreated(1, "Log in")], exchanges: [exchange] });
    expect([...form.values()].map(({ aspect }) => aspect)).not.toContain("answer");
    expect(JSON.stringify([...form])).not.toContain("Basic secret");
  });
});

function twice(given: CallGiven) {
  return [callOf("createComment", given), callOf("createComment", { ...given, at: 1 })];
}
