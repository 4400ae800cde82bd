/**
 * Builds `dist/`: compiles src, fakes and scenarios, and lays the data they read at run time beside the code.
 * The compiler copies no file that is only read (epics, expected results, pages of the viewer).
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { publishedSchemas, schemaFileName, schemaText } from "../src/cli/schemas/published-schemas.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const sources = ["src", "fakes", "scenarios"];
/** What runs in a browser knows its types, and no others. */
const pages = ["-p", "tsconfig.browser.json", "--noEmit", "false", "--outDir", "dist", "--rootDir", "."];
const dataExtensions = new Set([".json", ".html", ".css", ".js", ".txt", ".py"]);

// What an earlier build left of a file that has gone since would still be published.
rmSync(join(root, "dist"), { recursive: true, force: true });
try {
  for (const options of [["-p", "tsconfig.build.json"], pages]) {
    execFileSync(process.execPath, [compiler, ...options], { cwd: root, stdio: "inherit" });
  }
} catch {
  console.error("build: the compiler reported errors, see above");
  process.exit(1);
}
console.log(`build: compiled, and copied ${sources.reduce((files, folder) => files + copyData(folder), 0)} data files`);
console.log(`build: packed ${packRecordings()} recordings of Kanboard`);

console.log(`build: wrote ${writeSchemas()} JSON Schemas`);

/** What `stormlane/schemas/*.json` stands for. @returns their number */
function writeSchemas(): number {
  const to = join(root, "dist/schemas");
  mkdirSync(to, { recursive: true });
  for (const each of publishedSchemas) writeFileSync(join(to, schemaFileName(each)), schemaText(each));
  return publishedSchemas.length;
}

/** What `conformance kanboard` replays: 3.6 MB as text, 0.2 MB packed. @returns the number of files packed */
function packRecordings(): number {
  const from = join(root, "test/fixtures/kanboard-golden");
  const to = join(root, "dist/src/conformance/recordings");
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from).filter((name) => extname(name) === ".jsonl");
  for (const name of names) {
    writeFileSync(join(to, `${name}.gz`), gzipSync(readFileSync(join(from, name)), { level: 9 }));
  }
  return names.length;
}

/** @returns the number of files copied; a folder that does not exist has none */
function copyData(folder: string): number {
  const names = readdirSync(root, { encoding: "utf8" }).includes(folder)
    ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    : [];
  const data = names
    .filter((name) => dataExtensions.has(extname(name)) && basename(name) !== "tsconfig.json")
    .toSorted();
  for (const name of data) {
    const target = join(root, "dist", folder, name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, folder, name), target);
  }
  return data.length;
}
