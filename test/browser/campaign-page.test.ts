import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { campaignPage } from "../../src/report/campaign-page/campaign-page.ts";
import { runToyCampaign } from "../cli/ui/ledgers.ts";
import { serveUi } from "../cli/ui/served-ui.ts";
import { runCommand, temporaryFolder } from "../cli/run-command.ts";
import { fullDocument } from "../report/campaign-page/documents.ts";
import {
  accessibilityProblems,
  isWiderThanWindow,
  keepScreenshot,
  launchChromium,
  openPage,
  windows,
} from "./chromium.ts";
import { requiresTool } from "../requires-tool/requires-tool.ts";

const hasChromium = requiresTool("chromium");
let browser: Browser;
beforeAll(async () => {
  if (hasChromium) browser = await launchChromium();
});
afterAll(() => browser?.close());

const desk = windows[0]!;

describe("the campaign page in a file", () => {
  test.each(windows)("is clean for axe and fits the window: $width, $scheme", async (window) => {
    const { page, complaints, requests } = await openPage(browser, fileOf(fullDocument()), window);
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await isWiderThanWindow(page)).toBe(false);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
    await keepScreenshot(page, "campaign-page", window);
  });

  test("shows hostile text as text", async () => {
    const document = fullDocument();
    const [failure] = document.failures;
    const message = "<img src=x onerror=\"document.title='taken'\"></script><script>document.title='taken'</script>";
    const hostile = {
      ...document,
      failures: [{ ...failure!, signature: message, shown: { ...failure!.shown, message } }],
    };
    const { page, complaints } = await openPage(browser, fileOf(hostile), desk);
    expect(await page.locator(".message").first().textContent()).toBe(message);
    expect(await page.title()).toBe("Campaign: reports/out/campaign.sqlite");
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("can be read and used by keyboard alone", async () => {
    const { page } = await openPage(browser, fileOf(fullDocument()), desk);
    await page.keyboard.press("Tab");
    expect(await focusedText(page)).toBe("Skip to the content");
    const reached: string[] = [];
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      reached.push(await focusedText(page));
    }
    for (const text of [
      "Dark",
      "Saturation",
      "Step through it: I2: EPIC-1",
      "Copy the replay command of I2: EPIC-1",
      "By strategy",
      "Invariants",
    ]) {
      expect(reached, text).toContain(text);
    }
  });

  test("narrows its failures by state and by words", async () => {
    const { page } = await openPage(browser, fileOf(fullDocument()), desk);
    const shown = page.locator(".failure:visible");
    expect(await shown.count()).toBe(2);
    await page.getByLabel("Show").selectOption("resolved");
    expect(await shown.count()).toBe(1);
    expect(await page.locator("#filter-count").textContent()).toBe("1 of 2");
    await page.getByLabel("with").fill("NEW epic-1");
    expect(await shown.count()).toBe(0);
    await page.getByLabel("Show").selectOption("");
    expect(await shown.count()).toBe(1);
  });

  test("keeps the theme that somebody chose", async () => {
    const { page } = await openPage(browser, fileOf(fullDocument()), desk);
    const background = (): Promise<string> => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    await page.getByRole("button", { name: "Dark" }).click();
    expect(await background()).not.toBe(light);
    expect(await page.getByRole("button", { name: "Dark" }).getAttribute("aria-pressed")).toBe("true");
    await page.reload();
    expect(await background()).not.toBe(light);
  });

  test("opens the viewer that stands beside it", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    await runCommand(["ui", "--html", "page.html"], { cwd });
    const { page, complaints } = await openPage(browser, pathToFileURL(join(cwd, "page.html")).href, desk);
    await page.getByRole("link", { name: /Step through it/ }).click();
    await page.waitForURL(/page\.html\.failures\/c1-counter-[0-9a-f]{8}\.html/);
    expect(await page.title()).toContain("counter-racy");
    expect(complaints).toEqual([]);
  });
});

describe("the campaign page that is served", () => {
  test("follows the campaign, and leaves open what a reader opened", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const { origin } = await serveUi([], cwd);
    const { page, complaints } = await openPage(browser, origin, desk);
    const strategies = page.locator("#saturation details").first();
    await strategies.locator("summary").click();
    await page.getByRole("link", { name: /Step through it/ }).focus();
    const runs = page.locator(".tiles dd").first();
    expect(await runs.textContent()).toBe("60");
    await runToyCampaign(cwd, "--seeds", "120");
    await expect.poll(() => runs.textContent(), { timeout: 30_000 }).toBe("120");
    expect(await strategies.getAttribute("open")).toBe("");
    expect(await focusedText(page)).toMatch(/^Step through it/);
    expect(complaints).toEqual([]);
  });

  test("says when its server has gone", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const { origin, stop } = await serveUi([], cwd);
    const { page } = await openPage(browser, origin, desk);
    await stop();
    await expect
      .poll(() => page.locator("#status").textContent(), { timeout: 30_000 })
      .toMatch(/^the server does not answer · as of 20/);
  });
});

function fileOf(document: Parameters<typeof campaignPage>[0]): string {
  const path = join(temporaryFolder(), "page.html");
  writeFileSync(path, campaignPage(document, { isLive: false }));
  return pathToFileURL(path).href;
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate<string>("document.activeElement.ariaLabel ?? document.activeElement.textContent");
}
