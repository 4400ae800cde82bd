import { expect, test } from "vitest";
import { sidebar } from "../../docs/.vitepress/sidebar.ts";
import { pagesOfDocs } from "../../tools/docs/pages.ts";

/** `docs/how-to/index.md` is `/how-to/`. */
function linkOf(page: string): string {
  return page
    .replace(/^docs/, "")
    .replace(/\.md$/, "")
    .replace(/\/index$/, "/");
}

test("each page has one place in the order of the site, and each place a page", () => {
  const links = sidebar.flatMap(({ items }) => items.map(({ link }) => link));
  expect(links.toSorted()).toEqual(pagesOfDocs().map(linkOf).toSorted());
});
