import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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
