import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .toSorted()
    .map((name) => `docs/${name}`),
];

function textOf(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** Targets of `[text](target)`, without those on the network and without `#` parts. */
function relativeLinksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.split("#")[0]!)
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

/** Paths in backquotes that begin with a folder of this repository; patterns and placeholders are left out. */
function pathsNamedIn(text: string): string[] {
  const folders = "src|fakes|scenarios|test|docs|tools|reports|decisions";
  return [...text.matchAll(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, "g"))].map(([, path]) => path!);
}

/** Names behind `npm run`. */
function npmScriptsNamedIn(text: string): string[] {
  return [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
}

describe.for(pages)("%s", (page) => {
  const text = textOf(page);
  const folder = new URL(page, root);

  test("links only to files that exist", () => {
    const broken = relativeLinksIn(text).filter((target) => !existsSync(fileURLToPath(new URL(target, folder))));
    expect(broken).toEqual([]);
  });

  test("names only paths that exist", () => {
    // What runs write is there only after a run.
    const written = /^reports\/out/;
    const broken = pathsNamedIn(text).filter((path) => !written.test(path) && !existsSync(new URL(path, root)));
    expect(broken).toEqual([]);
  });

  test("names only scripts that the package has", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Readonly<Record<string, string>> };
    expect(npmScriptsNamedIn(text).filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe("the check of the pages", () => {
  test("sees links, paths and scripts", () => {
    const text = "[cli](docs/cli.md#run), [site](https://example.test), `src/gone.ts`, npm run gone -- x";
    expect(relativeLinksIn(text)).toEqual(["docs/cli.md"]);
    expect(pathsNamedIn(text)).toEqual(["src/gone.ts"]);
    expect(npmScriptsNamedIn(text)).toEqual(["gone"]);
  });
});
