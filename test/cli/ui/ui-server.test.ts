import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { campaignDocumentSchema } from "../../../src/cli/schemas/campaign-page.ts";
import type { CampaignDocument } from "../../../src/report/campaign-page/campaign-document.ts";
import { temporaryFolder } from "../run-command.ts";
import { runToyCampaign } from "./ledgers.ts";
import { serveUi } from "./served-ui.ts";

const ledger = "reports/out/campaign.sqlite";

async function askDocument(origin: string): Promise<CampaignDocument> {
  const response = await fetch(`${origin}/api/campaign`);
  expect(response.status).toBe(200);
  return campaignDocumentSchema.parse(await response.json());
}

describe("stormlane ui", () => {
  test("serves the page, its document, and a viewer and a repro file of each failure", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const { origin } = await serveUi([], cwd);
    const document = await askDocument(origin);
    const page = await (await fetch(origin)).text();
    expect(page).toContain("C1: counter");
    const [failure] = document.failures;
    const viewer = await fetch(`${origin}/${failure!.viewer}`);
    expect(viewer.status).toBe(200);
    const viewerText = await viewer.text();
    const twice = await Promise.all([1, 2].map(async () => (await fetch(`${origin}/${failure!.viewer}`)).text()));
    expect(twice).toEqual([viewerText, viewerText]);
    expect(viewerText).toContain("counter-racy, seed");
    expect(viewerText).toContain("same failure");
    const repro = await fetch(`${origin}/${failure!.repro}`);
    expect(repro.headers.get("content-disposition")).toBe(`attachment; filename="${failure!.id}.json"`);
    expect(await repro.json()).toMatchObject({ format: 1, expected: { signature: "C1: counter" } });
  });

  test("follows the ledger while a campaign writes it, and answers 304 while nothing is new", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const { origin } = await serveUi([], cwd);
    const first = await fetch(`${origin}/api/campaign`);
    const tag = first.headers.get("etag")!;
    const again = await fetch(`${origin}/api/campaign`, { headers: { "if-none-match": tag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    await runToyCampaign(cwd, "--seeds", "90");
    await expect.poll(async () => (await askDocument(origin)).totals.runs).toBe(90);
    expect((await askDocument(origin)).ledger.sessions).toHaveLength(2);
  });

  test("goes on with a ledger that was begun anew, and says so when there is none", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    await runToyCampaign(cwd, "--seeds", "20", "--ledger", "other.sqlite");
    const { origin } = await serveUi([], cwd);
    expect((await askDocument(origin)).totals.runs).toBe(60);
    rmSync(join(cwd, ledger));
    const gone = await fetch(`${origin}/api/campaign`);
    expect(gone.status).toBe(503);
    expect(await gone.json()).toEqual({ error: expect.stringContaining("is no longer there") });
    expect((await fetch(origin)).status).toBe(503);
    renameSync(join(cwd, "other.sqlite"), join(cwd, ledger));
    await expect.poll(async () => (await askDocument(origin)).totals.runs).toBe(20);
  });

  test("answers 404 with a page for a failure or an address that there is not", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const { origin } = await serveUi([], cwd);
    for (const [path, text] of [
      ["failure/c1-counter-00000000", "No such failure"],
      ["failure/%3Cimg%20src=x%3E", "No such failure"],
      ["failure/..%2F..%2Fpackage.json/repro.json", "No such failure"],
      ["nothing/here", "There is no such page"],
    ]) {
      const response = await fetch(`${origin}/${path}`);
      expect(response.status, path).toBe(404);
      const page = await response.text();
      expect(page).toContain(text);
      expect(page).not.toContain("<img");
    }
  });

  test("answers nobody who comes by another name, and on no other address", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const { origin } = await serveUi([], cwd);
    const port = Number(new URL(origin).port);
    const rebound = request({ host: "127.0.0.1", port, path: "/api/campaign", headers: { host: "evil.example" } });
    rebound.end();
    const [answer] = (await once(rebound, "response")) as [{ readonly statusCode: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(403);
    const elsewhere = connect({ host: "127.0.0.2", port });
    const [error] = (await once(elsewhere, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  });

  test("shows why a failure cannot be replayed any more", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const database = new DatabaseSync(join(cwd, ledger));
    database.exec("UPDATE failure SET small_case = replace(small_case, 'counter-racy', 'counter-<b>gone')");
    database.close();
    const { origin } = await serveUi([], cwd);
    const [failure] = (await askDocument(origin)).failures;
    const response = await fetch(`${origin}/${failure!.viewer}`);
    expect(response.status).toBe(409);
    expect(await response.text()).toContain("its scenario counter-&#60;b&#62;gone no longer exists");
  });

  test("ends with 0 when it is interrupted", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const bin = new URL("../../../src/cli/bin.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [bin, "ui"], { cwd, stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    expect(String(text)).toMatch(/^campaign page {2}http:\/\/127\.0\.0\.1:\d+\/\n\nCtrl-C ends it\.\n$/);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
