/**
 * Does what a reader of a page does, and prints what they see: for whoever writes the page, or renews what it shows.
 * `node tools/docs/follow-page.ts docs/tutorial.md`
 */
import { filesBefore, readPage } from "./pages.ts";
import { ReaderFolder } from "./reader-folder.ts";

const [path = "docs/tutorial.md"] = process.argv.slice(2);
const page = readPage(path);
const folder = new ReaderFolder();
try {
  for (const [name, text] of filesBefore(page)) folder.write(name, text);
  for (const step of page.steps) {
    if (step.kind === "file") folder.write(step.name, step.text);
    if (step.kind !== "run") continue;
    const { printed, exitCode } = folder.run(step.script);
    console.log(`${path}:${step.line}: ${step.script.trim()}\n${printed}exit code ${exitCode}\n`);
  }
} finally {
  folder.remove();
}
