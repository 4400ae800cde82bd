import { describe, expect, test } from "vitest";
import type { Limits } from "../../../src/orchestrator/orchestrator.ts";
import type { HttpRequest } from "../../../src/ports/http.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { PlannedStory } from "../board-world.ts";
import { wrapHttp } from "../wrapped-http.ts";
import { playLimited, showsFailure, type LimitedPlay } from "./limited-play.ts";

const story: PlannedStory = { id: "S1", description: "One thing." };

/** The first requests of a kind get no answer. */
function unanswered(count: number, isOne: (request: HttpRequest) => boolean): (ports: Ports) => Ports {
  let seen = 0;
  return (ports) =>
    wrapHttp(ports, {
      request: async (each, send) =>
        isOne(each) && ++seen <= count
          ? { kind: "fail", error: { code: "ECONNREFUSED", message: "away" } }
          : send(each),
    });
}

describe("answers to one question", () => {
  /** The first plans have no stories, and cannot be used. */
  const playPlanning = (useless: number): Promise<LimitedPlay> =>
    playLimited({ modelTriesMax: 2 }, { plan: (earlier) => (earlier < useless ? [] : [story]) });

  test("the last that is allowed may still be usable", async () => {
    const { outcomes, reached } = await playPlanning(1);
    expect(outcomes).toContain("EPIC-1 lane 4 done");
    expect(reached).toEqual([]);
  });

  test("when it is not, the card shows the failure", async () => {
    const { outcomes, reached, hands } = await playPlanning(2);
    expect(outcomes.at(-1)).toBe("EPIC-1 lane 4 failed");
    expect(reached).toEqual(["modelTriesMax EPIC-1"]);
    expect(showsFailure(hands.card("EPIC-1"), "planning-failed")).toBe(true);
  });
});

describe("requests that are repeated in place", () => {
  const firstOutcomes = async (limits: Partial<Limits>, ports: (ports: Ports) => Ports): Promise<readonly string[]> =>
    (await playLimited(limits, { ports })).outcomes.slice(0, 2);

  test("the board is asked as often as is allowed, and then the attempt ends", async () => {
    const isTags = ({ name }: HttpRequest): boolean => name === "board.getTaskTags";
    expect((await firstOutcomes({ boardTriesMax: 3 }, unanswered(2, isTags)))[0]).toBe("EPIC-1 lane 2 done");
    expect(await firstOutcomes({ boardTriesMax: 2 }, unanswered(2, isTags))).toEqual([
      "EPIC-1 lane 2 retry",
      "EPIC-1 lane 2 done",
    ]);
  });

  test("a model is asked as often as is allowed, and then the attempt ends", async () => {
    const isQuestion = ({ name }: HttpRequest): boolean => name === "model.complete";
    expect((await firstOutcomes({ modelRequestsMax: 3 }, unanswered(2, isQuestion)))[0]).toBe("EPIC-1 lane 2 done");
    expect(await firstOutcomes({ modelRequestsMax: 2 }, unanswered(2, isQuestion))).toEqual([
      "EPIC-1 lane 2 retry",
      "EPIC-1 lane 2 done",
    ]);
  });
});

describe("attempts that end because tests cannot be run", () => {
  /** The first test runs look for a file that is not there. */
  function playWithoutTests(failures: number): Promise<LimitedPlay> {
    let seen = 0;
    const withoutTests = (ports: Ports): Ports =>
      Object.create(ports, {
        fork: { value: (name: string) => withoutTests(ports.fork(name)) },
        subprocess: {
          value: {
            spawn: (call: Parameters<Ports["subprocess"]["spawn"]>[0]) => {
              const isGone = call.name === "pytest" && ++seen <= failures;
              return ports.subprocess.spawn(isGone ? { ...call, args: ["-q", `${call.args.at(-1)!}.gone`] } : call);
            },
          },
        },
      }) as Ports;
    return playLimited({ environmentAttemptsMax: 2 }, { ports: withoutTests });
  }

  test("the last that is allowed may still run them", async () => {
    const { outcomes } = await playWithoutTests(1);
    expect(outcomes.filter((outcome) => outcome.startsWith("EPIC-1/S1 lane 8"))).toEqual([
      "EPIC-1/S1 lane 8 retry",
      "EPIC-1/S1 lane 8 done",
    ]);
  });

  test("when it cannot, the card shows the failure, and no coder was paid to mend it", async () => {
    const { outcomes, reached, hands, events } = await playWithoutTests(2);
    expect(reached).toEqual(["environmentAttemptsMax EPIC-1/S1"]);
    expect(outcomes.at(-1)).toBe("EPIC-1/S1 lane 8 failed");
    expect(showsFailure(hands.card("EPIC-1/S1"), "coding-failed")).toBe(true);
    const coders = events.filter((event) => event.kind === "sent" && event.op.name === "codex.exec");
    expect(coders).toHaveLength(1);
  });
});

test("a comment as long as is allowed is whole, a longer one is cut and says so", async () => {
  const words = (played: LimitedPlay): string => played.hands.card("EPIC-1")!.comments[0]!.split("\n\n[")[0]!;
  const usual = words(await playLimited({}));
  expect(words(await playLimited({ commentCharsMax: usual.length }))).toBe(usual);
  expect(words(await playLimited({ commentCharsMax: usual.length - 1 }))).toBe(`${usual.slice(0, -1)}…`);
});

describe("events that wait at the webhook server", () => {
  /** All epics are moved at once, while an agent is at work. */
  const playEvents = (webhookQueueMax: number): Promise<LimitedPlay> =>
    playLimited({ webhookQueueMax }, { epics: 4, pollers: 0, webhook: true, failuresAllowed: false });
  const refused = ({ notes }: LimitedPlay): number => notes.filter(({ name }) => name === "webhook.refused").length;

  test("are kept as long as there is room; those that find none are looked for later, and nothing is lost", async () => {
    expect(refused(await playEvents(100))).toBe(0);
    expect(refused(await playEvents(1))).toBeGreaterThan(0);
  });
});
