import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { assert } from "../../src/base/assert.ts";
import { pathOfTool } from "../requires-tool/tools.ts";

/** A Chromium without a window. Where it is: `CHROMIUM`, or on PATH. */
export function launchChromium(): Promise<Browser> {
  const executablePath = pathOfTool("chromium");
  assert(executablePath !== undefined, "only tests that ask for Chromium start it");
  return chromium.launch({
    executablePath,
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Window {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** What pages are looked at in: a desk and a telephone, by day and by night. */
export const windows: readonly Window[] = [
  { width: 1440, scheme: "light" },
  { width: 1440, scheme: "dark" },
  { width: 390, scheme: "light" },
  { width: 390, scheme: "dark" },
];

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained about: errors of scripts, refusals of the policy, and everything else on its console. */
  readonly complaints: readonly string[];
  /** Every address that was asked for, but data in the page itself. */
  readonly requests: readonly string[];
}

/** Opens an address in a fresh profile, until the test ends. */
export async function openPage(browser: Browser, url: string, { width, scheme }: Window): Promise<OpenPage> {
  const height = width < 600 ? 844 : 900;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => void complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => void complaints.push(`error: ${error.message}`));
  page.on("request", (request) => void (request.url().startsWith("data:") || requests.push(request.url())));
  await page.goto(url);
  return { page, complaints, requests };
}

/** What axe finds wrong for those who use a keyboard or a screen reader: a line for each rule, with where. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // The policy of the page refuses a script element; what a debugger evaluates it does not.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate<AxeResult>("axe.run()");
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Whether something sticks out of the page sideways. */
export async function isWiderThanWindow(page: Page): Promise<boolean> {
  return page.evaluate<boolean>("document.documentElement.scrollWidth > innerWidth");
}

/** To be looked at: `reports/out/screenshots/NAME-WIDTH-SCHEME.png`. */
export async function keepScreenshot(page: Page, name: string, { width, scheme }: Window): Promise<void> {
  const folder = fileURLToPath(new URL("../../reports/out/screenshots/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}-${width}-${scheme}.png`, fullPage: true });
}
