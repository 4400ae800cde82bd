import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { briefOf } from "../../src/review/brief/brief.ts";
import { briefPage } from "../../src/review/brief/page.ts";
import { reviewOf } from "../../src/review/review.ts";
import { temporaryFolder } from "../cli/run-command.ts";
import { requiresTool } from "../requires-tool/requires-tool.ts";
import { someCounterexample, someEvidence, someProof, someScenario } from "../review/some-evidence.ts";
import {
  accessibilityProblems,
  isWiderThanWindow,
  keepScreenshot,
  launchChromium,
  openPage,
  windows,
} from "./chromium.ts";

const hasChromium = requiresTool("chromium");
let browser: Browser;
beforeAll(async () => {
  if (hasChromium) browser = await launchChromium();
});
afterAll(() => browser?.close());

const message = "<img src=x onerror=\"document.title='taken'\"></script><script>document.title='taken'</script>";

function briefFile(): string {
  const scenario = someScenario({
    counterexamples: [someCounterexample({ message })],
    goalsMissed: ["a lease expired"],
  });
  const brief = briefOf(reviewOf(someEvidence({ scenarios: [scenario], proofs: [someProof()] })));
  const path = join(temporaryFolder(), "review.html");
  writeFileSync(path, briefPage(brief));
  return pathToFileURL(path).href;
}

describe("the release brief", () => {
  test.each(windows)("is clean for axe and fits the window: $width, $scheme", async (window) => {
    const { page, complaints, requests } = await openPage(browser, briefFile(), window);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await isWiderThanWindow(page)).toBe(false);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
    await keepScreenshot(page, "release-brief", window);
  });

  test("shows hostile text as text", async () => {
    const { page, complaints } = await openPage(browser, briefFile(), windows[0]!);
    expect(await page.locator(".records").textContent()).toContain(message);
    expect(await page.title()).toBe("Release brief: the built-in core");
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
