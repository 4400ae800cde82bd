import type { JsonObject } from "../../../src/base/json.ts";
import { defaultLimits, defaultPolicies, type Limits } from "../../../src/orchestrator/orchestrator.ts";
import type { BoardWorldOptions, SeenCard } from "../board-world.ts";
import { play, type Played } from "../play.ts";

export interface LimitedPlay extends Played {
  /** The limits that were told of, in order, as `agentMsMax EPIC-1`. */
  readonly reached: readonly string[];
  /** How the attempts ended, in order, as `EPIC-1 lane 2 done`. */
  readonly outcomes: readonly string[];
}

/** One run without faults, with some limits smaller than usual. */
export async function playLimited(
  limits: Partial<Limits>,
  options: Partial<BoardWorldOptions> = {},
): Promise<LimitedPlay> {
  const policies = { ...defaultPolicies, ...options.policies, limits: { ...defaultLimits, ...limits } };
  const nothing = (): Promise<void> => Promise.resolve();
  return limitedPlay(await play({ ...options, policies }, () => true, nothing));
}

export function limitedPlay(played: Played): LimitedPlay {
  const told = (name: string, words: (fields: JsonObject) => string): readonly string[] =>
    played.notes.filter((note) => note.name === name).map(({ fields }) => words(fields));
  return {
    ...played,
    reached: told("limit.reached", ({ limit, card }) => `${limit as string} ${card as string}`),
    outcomes: told(
      "run.finished",
      ({ card, lane, outcome }) => `${card as string} lane ${lane as number} ${outcome as string}`,
    ),
  };
}

/** Whether the card shows a failure: its lane's tag, and a comment that begins with it. */
export function showsFailure(card: SeenCard | undefined, tag: string): boolean {
  return (
    card?.tags.includes(tag) === true &&
    card.comments.filter((comment) => comment.startsWith(`**${tag}**`)).length === 1
  );
}

/** The words of the comment that tells of the failure. */
export function failureOf(card: SeenCard | undefined): string {
  return card?.comments.find((comment) => comment.startsWith("**")) ?? "";
}
