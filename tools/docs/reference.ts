/**
 * Makes `docs/reference/`: what the package exports, out of docstrings, and its commands, out of the commands.
 * `npm run docs:reference` writes the pages; `test/docs/reference.test.ts` holds that they are as they would be written.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { apiPages, doors, fileNameOf } from "./api-reference.ts";
import { commandPage } from "./command-reference.ts";
import { readDoor } from "./declarations.ts";
import { root } from "./pages.ts";
import { commandTree } from "./command-tree.ts";

/** Text of each page by its path from the root. */
export function referencePages(): Map<string, string> {
  const pages = [["index.md", overview()], ["commands.md", commandPage(commandTree())], ...apiPages()] as const;
  return new Map(pages.map(([name, text]) => [`docs/reference/${name}`, text]));
}

function overview(): string {
  const rows = doors().map(({ specifier, path }) => {
    const [sentence = ""] = readDoor(path)
      .about.replaceAll(/\s+/g, " ")
      .split(/(?<=\.) /);
    return `| [${specifier}](${fileNameOf(specifier)}.md) | ${sentence.replaceAll("<", "&lt;")} |`;
  });
  return `# Reference

<!-- Made by tools/docs/reference.ts. \`npm run docs:reference\` makes it again. -->

These pages are made out of the sources, so they say what the code says.

| import | what it is |
|---|---|
${rows.join("\n")}

All commands stand on one page: [commands](commands.md). More about them, their documents in JSON and their exit codes is on
[the command line](../cli.md).
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync(`${root}docs/reference`, { recursive: true });
  for (const [path, text] of referencePages()) writeFileSync(`${root}${path}`, text);
  console.log(`docs: wrote ${[...referencePages().keys()].join(", ")}`);
}
