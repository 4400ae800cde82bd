import { describe, expect, test } from "vitest";
import { comparePeers, type PeerGroup } from "../../src/cli/mutants-command-peers.ts";
import type { Measurement } from "../../src/trials/comparison.ts";
import type { PeerResult } from "../../src/trials/peer-trial.ts";

const settings = { strategies: ["portfolio"], cpuSeconds: 30 } as const;

const results = (...cpuSeconds: number[]): PeerResult[] =>
  cpuSeconds.map((seconds) => ({
    isFound: seconds < 30,
    runs: 1,
    cpuMs: seconds * 1_000,
    wallMs: 0,
    signature: undefined,
    others: [],
  }));
const own = (mutant: string, ...cpuSeconds: number[]): Measurement => ({
  mutant,
  method: "portfolio",
  results: results(...cpuSeconds),
});
const group = (id: string, peer: string, ...cpuSeconds: number[]): PeerGroup => ({
  mutant: { id, title: "", scenario: "", expects: [] },
  peer,
  results: results(...cpuSeconds),
  problems: [],
});

describe("the portfolio against peers", () => {
  test("is held against the best of them on each mutant, and its losses are told", () => {
    const summary = comparePeers(
      [own("F01", 1, 1, 1, 1, 1), own("F02", 2, 2, 2, 2, 2), own("F03", 1, 2, 3, 4, 5), own("F04", 1)],
      [
        group("F01", "slow", 20, 20, 20, 20, 20),
        group("F01", "slower", 30, 30, 30, 30, 30),
        group("F02", "slow", 1, 1, 1, 1, 1),
        group("F03", "slow", 5, 4, 3, 2, 1),
        group("F04", "slow", 10),
      ],
      settings,
    );
    expect(summary!.verdicts.map(({ mutant, bestPeer, verdict }) => [mutant, bestPeer, verdict])).toEqual([
      ["F01", "slow", "won"],
      ["F02", "slow", "lost"],
      ["F03", "slow", "tie"],
      ["F04", "slow", "open"],
    ]);
    expect(summary!.verdicts.map(({ ratio }) => Number(ratio.ratio.toFixed(6)))).toEqual([20, 0.5, 1, 10]);
    expect(summary!.mean.ratio).toBeCloseTo((20 * 0.5 * 10) ** 0.25, 8);
  });

  test("is compared with nobody when no peer came to an end", () => {
    expect(comparePeers([own("F01", 1)], [{ ...group("F01", "slow"), problems: ["broke"] }], settings)).toBeUndefined();
  });
});
