import { createHash } from "node:crypto";
import { markup, Markup } from "./markup.ts";

/** A page that is whole in one file. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  readonly script: string;
  readonly body: Markup;
  /** What the script reads: JSON in an element with this id. */
  readonly data?: { readonly id: string; readonly value: unknown };
  /** May ask the server that it came from, and nobody else. */
  readonly asksServer?: boolean;
}

/**
 * The text of an HTML file. Its content security policy allows this style and this script, by their hashes, and nothing
 * else: no address is loaded, no attribute runs.
 */
export function pageDocument(page: PageParts): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(page)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${page.title}</title>
<style>${new Markup(page.style)}</style>
</head>
<body>
${page.body}
${page.data === undefined ? "" : dataElement(page.data)}
<script>${new Markup(scriptText(page.script))}</script>
</body>
</html>
`.text;
}

function contentSecurityPolicy({ style, script, asksServer = false }: PageParts): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(scriptText(script))}'`,
    `connect-src ${asksServer ? "'self'" : "'none'"}`,
    // The empty icon: without one, browsers ask for theirs.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function dataElement({ id, value }: NonNullable<PageParts["data"]>): Markup {
  // Without < nothing ends the element, and nothing in it is a comment.
  const json = JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
  return markup`<script type="application/json" id="${id}">${new Markup(json)}</script>`;
}

/** What would end the element is only ever inside a string or a comment of ours, where the escape means the same. */
function scriptText(code: string): string {
  return code.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`);
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
