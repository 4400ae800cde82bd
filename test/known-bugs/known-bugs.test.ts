import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { replayRepro } from "../../src/cli/replay-repro.ts";
import { readRepro } from "../../src/cli/repro-file.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { knownBugs, reproPath, systemPath } from "./known-bug.ts";
import { scenarioOfSystem, search } from "./search.ts";

const isInstalled = existsSync(fileURLToPath(new URL("node_modules", import.meta.url)));
if (!isInstalled && process.env["CI"] !== undefined) {
  throw new Error("the packages are not installed: npm ci --ignore-scripts --prefix test/known-bugs");
}

/** Every one of them is found by then. */
const runs = 40;

beforeAll(() => installGuards());

describe.skipIf(!isInstalled)("a known bug in a package of the registry", () => {
  describe.each(knownBugs)("$package: $what", (bug) => {
    const shows = systemPath(bug, bug.shows);
    const fixed = systemPath(bug, bug.fixed.file);

    test("is found by seeds, and nothing else is", async () => {
      const { hits, others } = await search(shows, runs, bug.says);
      expect(hits).toBeGreaterThan(0);
      expect(others).toEqual([]);
    });

    test("replays from its file, the same in every run", async () => {
      const repro = readRepro(reproPath(bug));
      const first = await replayRepro(scenarioOfSystem(shows), repro);
      const second = await replayRepro(scenarioOfSystem(shows), repro);
      expect(first.result).toMatchObject({ kind: "same-failure" });
      expect(repro.expected.message).toMatch(bug.says);
      expect(second.outcome.history.hash()).toBe(first.outcome.history.hash());
    });

    test(`is not found with ${bug.fixed.by}`, async () => {
      expect(await search(fixed, runs, bug.says)).toMatchObject({ hits: 0, others: [] });
    });
  });
});
