import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { filesBelow, runCommand, temporaryFolder } from "../run-command.ts";
import { runToyCampaign } from "./ledgers.ts";

test("a page in a file has its viewers and repro files beside it, and its links lead there", async () => {
  const cwd = temporaryFolder();
  await runToyCampaign(cwd);
  mkdirSync(join(cwd, "pages"));
  const { exitCode, out } = await runCommand(["ui", "--html", "pages/100 % <b>.html"], { cwd });
  expect({ exitCode, out }).toEqual({
    exitCode: 0,
    out: "campaign page in pages/100 % <b>.html, and 1 of its failures in pages/100 % <b>.html.failures\n",
  });
  const [viewer, repro] = filesBelow(join(cwd, "pages/100 % <b>.html.failures"));
  const page = readFileSync(join(cwd, "pages/100 % <b>.html"), "utf8");
  const links = [...page.matchAll(/href="([^"#]*\.failures[^"]*)"/g)].map(([, href]) => decodeURIComponent(href!));
  expect(links).toEqual([`100 % <b>.html.failures/${viewer}`, `100 % <b>.html.failures/${repro}`]);
  expect(readFileSync(join(cwd, "pages/100 % <b>.html.failures", viewer!), "utf8")).toContain("C1: counter");
  const replayed = await runCommand(["replay", `pages/100 % <b>.html.failures/${repro}`], { cwd });
  expect(replayed.out).toContain("same failure");
});

test("an interruption leaves the page whole, and pages that say so where viewers were not made", async () => {
  const cwd = temporaryFolder();
  await runToyCampaign(cwd);
  const interruption = new AbortController();
  interruption.abort();
  const exitCode = await main(["ui", "--html", "page.html"], {
    cwd,
    writeOut: () => {},
    writeError: () => {},
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => interruption.signal,
    catalogueUrl: new URL("../../campaign/toy-scenarios.ts", import.meta.url),
  });
  expect(exitCode).toBe(130);
  const [viewer] = filesBelow(join(cwd, "page.html.failures"));
  const text = readFileSync(join(cwd, "page.html.failures", viewer!), "utf8");
  expect(text).toContain("Writing was interrupted before it");
  expect(text).toContain(`href="../page.html"`);
  expect(readFileSync(join(cwd, "page.html"), "utf8")).toContain(`page.html.failures/${viewer}`);
});

test("a failure that cannot be replayed has a page that says why, and a line on standard error", async () => {
  const cwd = temporaryFolder();
  await runToyCampaign(cwd);
  const database = new DatabaseSync(join(cwd, "reports/out/campaign.sqlite"));
  database.exec("UPDATE failure SET small_case = replace(small_case, 'counter-racy', 'counter-gone')");
  database.close();
  const { exitCode, error } = await runCommand(["ui", "--html", "page.html"], { cwd });
  expect(exitCode).toBe(0);
  expect(error).toMatch(/^stormlane: no viewer for c1-counter-\w+: its scenario counter-gone no longer exists; /);
  const [viewer] = filesBelow(join(cwd, "page.html.failures"));
  expect(readFileSync(join(cwd, "page.html.failures", viewer!), "utf8")).toContain("counter-gone no longer exists");
});

test("a page of a campaign that held stands alone, and asks nobody", async () => {
  const cwd = temporaryFolder();
  await runCommand(["campaign", "counter-locked", "--seeds", "40", "--workers", "0"], { cwd });
  const { out } = await runCommand(["ui", "--html", "page.html"], { cwd });
  expect(out).toBe("campaign page in page.html\n");
  expect(filesBelow(cwd).filter((name) => name.startsWith("page"))).toEqual(["page.html"]);
  const page = readFileSync(join(cwd, "page.html"), "utf8");
  expect(page).toContain("All held in 40 runs");
  expect(page).toContain("connect-src &#39;none&#39;");
});
