import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runCase, signatureOf } from "../../src/index.ts";
import { answeredLate, lostUpdate, undisturbed } from "./lost-update.ts";

describe("the scenario in docs/scenarios.md", () => {
  test("stands there as it is tested here", () => {
    const page = readFileSync(new URL("../../docs/scenarios.md", import.meta.url), "utf8");
    const source = readFileSync(new URL("lost-update.ts", import.meta.url), "utf8").replace(
      "../../src/index.ts",
      "stormlane",
    );
    expect(page).toContain(source);
  });

  test("holds undisturbed, and breaks its rule when an answer is late", async () => {
    expect(signatureOf((await runCase(lostUpdate, undisturbed)).verdict)).toBe("held");
    expect(signatureOf((await runCase(lostUpdate, answeredLate)).verdict)).toBe("X1: counter");
  });
});
