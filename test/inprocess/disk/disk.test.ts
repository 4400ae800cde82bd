import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linesOf, printed, project, runScenario, scenarioOf } from "../project.ts";

/** What each line prints must be the same on a real disk. */
const calls = `
  import fs from "node:fs";
  import { appendFile, mkdtemp, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
  import { pipeline } from "node:stream/promises";
  const told = (error: any) => console.log(error.code, error.syscall, error.errno);
  fs.mkdirSync("d/e", { recursive: true });
  console.log(fs.mkdirSync("d/e", { recursive: true }));
  try { fs.mkdirSync("d"); } catch (error) { told(error); }
  try { fs.mkdirSync("x/y"); } catch (error) { told(error); }
  await writeFile("d/a", "one\\n");
  await appendFile("d/a", Buffer.from("two\\n"));
  const handle = await open("d/a", "r+");
  await handle.write("X", 0);
  const into = Buffer.alloc(4);
  console.log((await handle.read(into, 0, 4, 0)).bytesRead, into.toString().trim());
  await handle.sync();
  await handle.close();
  await handle.close().catch(() => console.log("closed before"));
  await rename("d/a", "d/b");
  console.log((await readdir("d", { withFileTypes: true })).map((entry) => entry.name + (entry.isDirectory() ? "/" : "")).join());
  console.log((await readdir(".", { recursive: true })).filter((name) => name.startsWith("d")).sort().join());
  const { size } = await stat("d/b");
  console.log(size, fs.statSync("d").isDirectory(), fs.lstatSync("nope", { throwIfNoEntry: false }));
  await stat("nope").catch(told);
  await pipeline(fs.createReadStream("d/b"), fs.createWriteStream("d/c"));
  console.log(fs.readFileSync("d/c", "utf8"));
  try { fs.readFileSync("d"); } catch (error: any) { console.log(error.code); }
  fs.symlinkSync("c", "d/l");
  console.log(fs.readFileSync("d/l", { encoding: "utf8" }).length, fs.lstatSync("d/l").isSymbolicLink(), fs.statSync("d/l").isFile());
  try { fs.rmdirSync("d"); } catch (error) { told(error); }
  try { fs.unlinkSync("nope"); } catch (error) { told(error); }
  fs.copyFileSync("d/c", "d/f");
  fs.truncateSync("d/f", 2);
  console.log(fs.readFileSync("d/f", "latin1"), fs.existsSync("d/f"), fs.existsSync("d/g"));
  const lock = fs.openSync("lock", "wx");
  fs.writeSync(lock, "abc");
  fs.closeSync(lock);
  try { fs.openSync("lock", "wx"); } catch (error) { told(error); }
  console.log((await mkdtemp("t-")).length);
  await new Promise<void>((resolve) => fs.readFile("nope", (error) => { told(error); resolve(); }));
  await new Promise<void>((resolve) => fs.access("d/c", (error) => { console.log(error); resolve(); }));
  fs.utimesSync("d/c", 1, 2);
  console.log(fs.statSync("d/c").mtimeMs);
  const kept = await open("d/k", "w");
  await rename("d/k", "d/m");
  await kept.write("fol");
  console.log((await kept.write("lowed")).bytesWritten, fs.readFileSync("d/m", "utf8"), fs.existsSync("d/k"));
  await writeFile("d/n", "in its place");
  await rename("d/n", "d/m");
  console.log((await kept.write("lost")).bytesWritten, fs.readFileSync("d/m", "utf8"));
  await kept.close();
  const gone = await open("d/o", "w");
  await rm("d/o");
  console.log((await gone.write("lost")).bytesWritten, fs.existsSync("d/o"));
  await gone.close();
  await writeFile("d/p", "01234567");
  const patch = fs.createWriteStream("d/p", { flags: "r+", start: 2 });
  patch.write("ab");
  await new Promise<void>((resolve) => patch.end("c", resolve));
  const more = fs.createWriteStream("d/p", { flags: "a" });
  await new Promise<void>((resolve) => more.end("89", resolve));
  console.log(fs.readFileSync("d/p", "utf8"));
  await rm("d", { recursive: true });
  await rm("d", { force: true });
  await rm("d").catch((error) => console.log(error.code));
  try { fs.readFileSync("a\\0b"); } catch (error: any) { console.log(error.code); }
  export {};`;

test("node:fs does what it does on a real disk, call for call", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-inprocess-disk-")));
  try {
    const entry = join(project({ "package.json": `{"type":"module"}`, "main.ts": calls }), "main.ts");
    const real = execFileSync(process.execPath, [entry], { cwd: folder, encoding: "utf8" }).trimEnd().split("\n");
    expect(real.length).toBeGreaterThan(20);
    expect(await linesOf({ "main.ts": calls })).toEqual(real);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const write = `
  import fs from "node:fs";
  import { writeFile } from "node:fs/promises";
  console.log(await writeFile("state", "0123456789").then(() => "written", (error) => error.code));
  console.log(fs.existsSync("state") && fs.readFileSync("state", "utf8"));`;
const asynchronous = "program@0/main/fs.open(/app/state)#0";
const written = "program@0/main/fs.write(/app/state)#0";

test.each([
  ["fails", { site: asynchronous, kind: "disk-fails", code: "EIO" }, ["EIO", "false"]],
  ["fails later", { site: written, kind: "disk-fails", code: "EIO" }, ["EIO", ""]],
  ["tears", { site: written, kind: "write-torn", keepPermille: 300 }, ["EIO", "012"]],
  ["is full", { site: asynchronous, kind: "disk-full", durationMs: 5_000 }, ["ENOSPC", ""]],
  [
    "has lost an end",
    { site: "program@0/main/fs.openSync(/app/state)#0", kind: "file-truncated", keepPermille: 500 },
    ["written", "01234"],
  ],
] as const)("the disk %s under unmodified code", async (_what, fault, lines) => {
  const outcome = await runScenario(scenarioOf({ "main.ts": write }), { faults: [fault] });
  expect(outcome.unused).toEqual([]);
  expect(printed(outcome)).toEqual(lines);
});

const together = `
  import fs from "node:fs";
  import { promises, createWriteStream, readFileSync } from "node:fs";
  const long = "aaaaaaaa", short = "bbbb";
  await Promise.all([promises.writeFile("p", long), promises.writeFile("p", short)]);
  const whole = (text: string) => new Promise<void>((resolve) => fs.writeFile("c", text, () => resolve()));
  await Promise.all([whole(long), whole(short)]);
  const streamed = (text: string) => new Promise<void>((resolve) => createWriteStream("s").end(text).on("close", () => resolve()));
  await Promise.all([streamed(long), streamed(short)]);
  console.log(readFileSync("p", "utf8"), readFileSync("c", "utf8"), readFileSync("s", "utf8"));`;

test("two who write one file at the same time both empty it first, and the shorter text leaves the end of the longer", async () => {
  expect(await linesOf({ "main.ts": together })).toEqual(["bbbbaaaa bbbbaaaa bbbbaaaa"]);
});

test("a kill in a synchronous call leaves the rest undone", async () => {
  const code = `import fs from "node:fs"; try { fs.writeFileSync("a", "1"); fs.writeFileSync("b", "2"); } finally { try { fs.writeFileSync("c", "3"); } catch {} console.log("never"); }`;
  const scenario = scenarioOf({ "main.ts": code });
  const site = "program@0/main/fs.openSync(/app/b)#0";
  const outcome = await runScenario(scenario, {
    faults: [{ site, kind: "kill", when: "before", restartAfterMs: 1_000_000_000 }],
  });
  const written = outcome.history.events.flatMap((event) =>
    event.kind === "change" && event.change.type === "file.written" ? [event.change["path"]] : [],
  );
  expect(written).toEqual(["/app/a"]);
  expect(printed(outcome)).toEqual([]);
});
