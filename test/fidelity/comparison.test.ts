import { describe, expect, test } from "vitest";
import { compare, type Fidelity } from "../../src/fidelity/comparison.ts";
import { normalFormOf } from "../../src/fidelity/normal-form.ts";
import type { Recording } from "../../src/fidelity/recording.ts";
import { callOf, changeOf, recordingOf } from "./recordings.ts";

function compared(
  runs: Readonly<Record<Fidelity, Partial<Recording>>>,
  others: readonly Partial<Recording>[] = [],
  isUnfinished = false,
): ReturnType<typeof compare> {
  const form = (given: Partial<Recording>) => normalFormOf(recordingOf(given));
  return compare(
    { simulation: form(runs.simulation), loopback: form(runs.loopback), processes: form(runs.processes) },
    { others: others.map(form), isUnfinished },
  );
}

const withFile = { files: new Map([["/app/plan.md", "a plan"]]) };
const asked = { exchanges: [callOf("getColumns", { result: ["Ready"] })] };
const answeredOtherwise = { exchanges: [callOf("getColumns", { result: ["ready"] })] };

describe("what differs", () => {
  test("is nothing between three that went alike", () => {
    expect(compared({ simulation: asked, loopback: asked, processes: asked })).toEqual([]);
  });

  test.for<[Fidelity, Partial<Recording>, Partial<Recording>, Partial<Recording>]>([
    ["simulation", {}, withFile, withFile],
    ["loopback", withFile, {}, withFile],
    ["processes", withFile, withFile, {}],
  ])("names who stands alone: %s", ([odd, simulation, loopback, processes]) => {
    expect(compared({ simulation, loopback, processes })).toMatchObject([
      { aspect: "file", subject: "/app/plan.md", odd, hint: { at: "port" } },
    ]);
  });

  test("names the procedure that a fake answers otherwise, before what follows of it", () => {
    const worked = { ...asked, changes: [changeOf({ store: "board", type: "card.closed", card: 1 })] };
    const differences = compared({ simulation: worked, loopback: answeredOtherwise, processes: answeredOtherwise });
    expect(differences).toMatchObject([
      { aspect: "answer", odd: "simulation", hint: { at: "fake" } },
      { aspect: "card", hint: { at: "follows" } },
    ]);
    expect(differences[0]!.subject).toContain("board getColumns");
  });

  test("is no matter of answers where one was not asked at all, but of the request", () => {
    expect(compared({ simulation: {}, loopback: asked, processes: asked })).toMatchObject([{ aspect: "request" }]);
  });

  test("is of the order of things when the simulation comes to it too, under another schedule", () => {
    const runs = { simulation: {}, loopback: withFile, processes: withFile };
    expect(compared(runs, [withFile])).toMatchObject([{ hint: { at: "timing" } }]);
    expect(compared(runs, [{}])).toMatchObject([{ hint: { at: "port" } }]);
  });

  test("is of time when a real run was still at work at its end", () => {
    expect(compared({ simulation: withFile, loopback: {}, processes: {} }, [], true)).toMatchObject([
      { hint: { at: "timing" } },
    ]);
  });

  test("is of chance when no two agree", () => {
    const drew = (text: string) => ({ files: new Map([["/app/name", text]]) });
    expect(compared({ simulation: drew("a"), loopback: drew("b"), processes: drew("c") })).toMatchObject([
      { odd: "none", hint: { at: "chance" } },
    ]);
  });
});
