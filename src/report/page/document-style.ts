import { readFileSync } from "node:fs";

/** What the pages have in common, and then a page's own style, which wins. @param own a file of CSS */
export function documentStyle(own: URL): string {
  const common = readFileSync(new URL("document.css", import.meta.url), "utf8");
  return `${common}\n${readFileSync(own, "utf8")}`;
}
