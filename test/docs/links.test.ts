import { existsSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { slugOfHeading } from "../../docs/.vitepress/slug-of-heading.ts";
import { fencedBlocksIn } from "../../tools/docs/fenced-blocks.ts";
import { continuedPage } from "../../tools/docs/page-project.ts";
import { pagesOfDocs, root, textOf } from "../../tools/docs/pages.ts";

const pages = ["README.md", "ARCHITECTURE.md", ...pagesOfDocs()];

/** Targets of `[text](target)`, without those on the network. */
function relativeLinksIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** From the root of the repository. */
function linkedFile(page: string, target: string): string {
  const path = target.split("#")[0]!;
  return path === "" ? page : posix.join(posix.dirname(page), path);
}

/** Anchors of headings, as GitHub and the site make them. */
function anchorsIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOfHeading(heading!));
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, "");
}

/** What the reader of a page has written by then, with what it goes on from. */
function filesOfReader(page: string): string[] {
  const text = textOf(page);
  const continued = continuedPage(text);
  const own = fencedBlocksIn(text).flatMap(({ marks }) => marks.get("file") ?? []);
  return continued === undefined ? own : [...own, ...filesOfReader(`docs/${continued}`)];
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

  test("links only to files that exist", () => {
    expect(relativeLinksIn(text).filter((target) => !existsSync(`${root}${linkedFile(page, target)}`))).toEqual([]);
  });

  test("links only to headings that exist", () => {
    const broken = relativeLinksIn(text)
      .filter((target) => target.includes("#") && linkedFile(page, target).endsWith(".md"))
      .filter((target) => !anchorsIn(textOf(linkedFile(page, target))).includes(target.split("#")[1]!));
    expect(broken).toEqual([]);
  });

  test("names only paths that exist", () => {
    // What runs write is there only after a run.
    const written = /^reports\/out/;
    const ofReader = new Set(filesOfReader(page));
    const broken = pathsNamedIn(text).filter(
      (path) => !written.test(path) && !ofReader.has(path) && !existsSync(`${root}${path}`),
    );
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
    expect(relativeLinksIn(text)).toEqual(["docs/cli.md#run"]);
    expect(linkedFile("docs/how-to/fake.md", "../cli.md#run")).toBe("docs/cli.md");
    expect(anchorsIn("### The document of `run --json`\n")).toEqual(["the-document-of-run---json"]);
    expect(pathsNamedIn(text)).toEqual(["src/gone.ts"]);
    expect(npmScriptsNamedIn(text)).toEqual(["gone"]);
  });
});
