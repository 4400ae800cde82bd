import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { assert } from "../../src/base/assert.ts";

export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  assert(existsSync(executablePath), `no Chromium at ${executablePath}: install it, or name one with CHROMIUM=<path>`);
  return chromium.launch({
    executablePath,
    args: [
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

export interface OpenedPage {
  readonly page: Page;
  /** What the page said on its console, and what it threw. */
  readonly complaints: readonly string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colours?: "light" | "dark";
  /** As `#event=3`. */
  readonly hash?: string;
}

/** Opens the text of a page from a file of its own, as somebody does who was sent it. */
export async function openPage(browser: Browser, html: string, options: PageOptions = {}): Promise<OpenedPage> {
  const { width = 1440, height = 900, colours = "light", hash = "" } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: colours,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!/^(?:file|data):/.test(request.url())) complaints.push(`asks for ${request.url()}`);
  });
  const folder = mkdtempSync(join(tmpdir(), "stormlane-page-"));
  page.on("close", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  await page.goto(`${pathToFileURL(file).href}${hash}`);
  return { page, complaints };
}

/** What axe finds wrong with a page, each on a line. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // The page's policy lets no script in; the debugger is not asked for it.
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
    const { violations } = await axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
    );
  });
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Keeps a picture for whoever wants to look, where git does not see it. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = fileURLToPath(new URL("../../reports/out/screenshots/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
