/**
 * What somebody goes through who has only the packed package: a fresh folder, install, scaffold, run, look at the planted
 * failure in a browser, copy the command, see the same failure again, mend the line, see it hold. Prints how long each
 * part took. Needs a registry, or a warm cache of npm, and Chromium.
 *
 *     node tools/newcomer.ts [TARBALL]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { assert } from "../src/base/assert.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "stormlane-newcomer-"));
const startMs = performance.now();

try {
  const tarball = process.argv[2] === undefined ? part("pack", pack) : resolve(process.argv[2]);
  part("npm init", () => command("npm init -y"));
  part("install", () => command(`npm install --save-dev --prefer-offline --no-audit --no-fund ${tarball}`));
  part("scaffold", () => {
    command("npx stormlane init --yes");
    command("npm install --prefer-offline --no-audit --no-fund");
  });
  const repro = part("run, and find", findFailure);
  const page = part("write the viewer", () => writeViewer(repro));
  const copied = await partAsync("step through it", () => stepThrough(page));
  part("replay what was copied", () => {
    assert(copied.includes(repro), `the command names the repro file: ${copied}`);
    expectOutput(command(copied, 1), "same failure");
  });
  part("mend, and run again", () => {
    mend();
    expectOutput(command("npx stormlane run --seeds 500"), "all held");
    expectOutput(command("npx vitest run"), "1 passed");
    command("npx tsc -p .");
  });
  part("the same over HTTP and PATH", overHttp);
  console.log(`newcomer: ${((performance.now() - startMs) / 60_000).toFixed(1)} minutes in all`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(): string {
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, encoding: "utf8" });
  const name = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  assert(name !== undefined, `npm pack wrote a tarball: ${output}`);
  return join(folder, name);
}

/** @returns the repro file, as the command printed it */
function findFailure(): string {
  const output = command("npx stormlane run", 1);
  const [, repro] = /replay: npx stormlane replay (\S+)/.exec(output) ?? [];
  assert(repro !== undefined, `run finds the planted race and says how to replay it:\n${output}`);
  return repro;
}

function writeViewer(repro: string): string {
  command(`npx stormlane replay ${repro} --html viewer.html`, 1);
  return pathToFileURL(join(folder, "viewer.html")).href;
}

/** @returns the replay command that the page offers to copy */
async function stepThrough(url: string): Promise<string> {
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const text = page.locator("body");
    const before = await text.innerText();
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    assert((await text.innerText()) !== before, "the page steps through the run by keyboard");
    const [copied] = /npx stormlane replay \S+/.exec(before) ?? [];
    assert(copied !== undefined, "the page shows the replay command");
    return copied;
  } finally {
    await browser.close();
  }
}

/** The line that a comment in the worker names. */
function mend(): void {
  const name = readdirSync(join(folder, "src")).find((file) => file.startsWith("worker."));
  const path = join(folder, "src", name ?? "");
  const mended = readFileSync(path, "utf8").replace(
    "claimByName(board, card, name)) await",
    "claimByFile(ports, card, name)) await",
  );
  writeFileSync(path, mended);
}

/** In the same project: the fakes, real processes, the planted mistake, and the line that mends it. */
function overHttp(): void {
  for (const name of ["tsconfig.json", ".gitignore"]) rmSync(join(folder, name));
  rmSync(join(folder, ".github"), { recursive: true });
  rmSync(join(folder, "stormlane.config.mts"));
  command("npx stormlane init --yes --kind http");
  expectOutput(command("npx vitest run stormlane/", 1), "see ");
  const path = join(folder, "stormlane/orchestrator.mjs");
  const call = 'await board("createComment", comment)';
  const mended = readFileSync(path, "utf8").replace(`= ${call};`, `= (await hasComment(card)) || (${call});`);
  writeFileSync(path, mended);
  expectOutput(command("npx vitest run stormlane/"), "1 passed");
}

/** Runs a line as a newcomer types it. @returns both outputs */
function command(line: string, exitCode = 0): string {
  const [file = "", ...args] = line.split(" ");
  const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const end = spawnSync(file, args, { cwd: folder, env: { ...process.env, PATH, NO_COLOR: "1" }, encoding: "utf8" });
  const output = `${end.stdout}${end.stderr}`;
  assert(end.status === exitCode, `${line} ends with ${exitCode}, not ${end.status}:\n${output}`);
  return output;
}

function expectOutput(output: string, expected: string): void {
  assert(output.includes(expected), `the output says "${expected}":\n${output}`);
}

function part<Result>(name: string, action: () => Result): Result {
  const beganMs = performance.now();
  const result = action();
  console.log(`newcomer: ${name}: ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
  return result;
}

async function partAsync<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  const beganMs = performance.now();
  const result = await action();
  console.log(`newcomer: ${name}: ${((performance.now() - beganMs) / 1000).toFixed(1)} s`);
  return result;
}
