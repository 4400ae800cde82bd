import type { UserRow } from "./rows.ts";
import { isEmpty } from "./php.ts";

/**
 * Markdown as the server renders comments and descriptions: paragraphs with line breaks, headings, lists, quotes,
 * rules, fenced code; code, emphasis, links, addresses, `#12` for cards and `@name` for people. HTML is escaped.
 *
 * Not modelled, and told as such: tables, underlined headings, indented code, images, links by reference.
 */
export interface Markdown {
  /** Somebody's account, whom a mention then links to. */
  userNamed(name: string): UserRow | undefined;
  unmodelled(what: string): never;
}

export function renderMarkdown(text: string, context: Markdown): string {
  const lines = text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/^\n+|\n+$/g, "")
    .split("\n");
  return trimLines(renderBlocks(lines, context));
}

/** What the server does to text that it puts into a page. What is an entity already stays one. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/&(?!(?:#\d+|#[xX][\dA-Fa-f]+|[A-Za-z][A-Za-z\d]*);)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#039;");
}

/** A part of a text that is being read line by line. */
type Block =
  | { readonly kind: "paragraph" | "quote"; readonly lines: string[] }
  | { readonly kind: "heading"; readonly level: number; readonly text: string }
  | { readonly kind: "rule" }
  | {
      readonly kind: "code";
      readonly fence: string;
      readonly language: string | undefined;
      text: string;
      isClosed: boolean;
    }
  | ListBlock;

interface ListBlock {
  readonly kind: "list";
  readonly indent: number;
  readonly isOrdered: boolean;
  readonly start: string;
  readonly items: string[][];
  isLoose: boolean;
}

interface Line {
  readonly body: string;
  readonly indent: number;
  /** Without its indent. */
  readonly text: string;
}

function renderBlocks(lines: readonly string[], context: Markdown): string {
  const blocks: Block[] = [];
  let isAfterBlank = false;
  for (const raw of lines) {
    if (raw.trimEnd() === "") {
      isAfterBlank = true;
      continue;
    }
    const line = lineOf(raw);
    const last = blocks.at(-1);
    if (last === undefined || !continueBlock(last, line, isAfterBlank)) {
      blocks.push(startBlock(line, isAfterBlank ? undefined : last, context));
      // What goes on with a paragraph is no block of its own.
      if (blocks.at(-1) === last) blocks.pop();
    }
    isAfterBlank = false;
  }
  return `${blocks.map((block) => `\n${renderBlock(block, context)}`).join("")}\n`;
}

function lineOf(raw: string): Line {
  let body = raw;
  for (let tab = body.indexOf("\t"); tab >= 0; tab = body.indexOf("\t")) {
    const width = 4 - ([...body.slice(0, tab)].length % 4);
    body = body.slice(0, tab) + " ".repeat(width) + body.slice(tab + 1);
  }
  const text = body.replace(/^ +/, "");
  return { body, indent: body.length - text.length, text };
}

/** @returns whether the line belongs to the block */
function continueBlock(block: Block, line: Line, isAfterBlank: boolean): boolean {
  switch (block.kind) {
    case "code": {
      if (block.isClosed) return false;
      // However many blank lines there are, one is kept.
      if (isAfterBlank) block.text += "\n";
      if (new RegExp(`^${block.fence}{3,} *$`).test(line.text)) {
        block.text = block.text.slice(1);
        block.isClosed = true;
      } else {
        block.text += `\n${line.body}`;
      }
      return true;
    }
    case "list":
      return continueList(block, line, isAfterBlank);
    case "quote": {
      const quoted = /^> ?(.*)/.exec(line.text)?.[1];
      if (quoted === undefined && isAfterBlank) return false;
      if (isAfterBlank) block.lines.push("");
      block.lines.push(quoted ?? line.text);
      return true;
    }
    default:
      return false;
  }
}

function continueList(list: ListBlock, line: Line, isAfterBlank: boolean): boolean {
  const item = (list.isOrdered ? /^\d+\.(?: +(.*)|$)/ : /^[*+-](?: +(.*)|$)/).exec(line.text);
  if (item !== null && line.indent === list.indent) {
    if (isAfterBlank) {
      list.items.at(-1)!.push("");
      list.isLoose = true;
    }
    list.items.push([item[1] ?? ""]);
    return true;
  }
  if (isAfterBlank && line.indent === 0) return false;
  if (isAfterBlank) list.items.at(-1)!.push("");
  list.items.at(-1)!.push(line.body.replace(/^ {0,4}/, ""));
  return true;
}

/** @param open the block before, unless a blank line parts them; itself when it is a paragraph that goes on */
function startBlock(line: Line, open: Block | undefined, context: Markdown): Block {
  const { text } = line;
  const paragraph = open?.kind === "paragraph" ? open : undefined;
  if (paragraph === undefined && line.indent >= 4) context.unmodelled("Markdown: indented code");
  if (paragraph !== undefined && /^(?:=+|-+)$/.test(text)) context.unmodelled("Markdown: an underlined heading");
  if (paragraph !== undefined && paragraph.lines.join("").includes("|") && /^[ \-:|]*$/.test(text)) {
    context.unmodelled("Markdown: a table");
  }
  if (/^\[.+?\]: *<?\S+?>?(?: +["'(].+["')])? *$/.test(text)) context.unmodelled("Markdown: a link by reference");
  const hashes = /^#{1,6}(?!#)/.exec(text)?.[0];
  if (hashes !== undefined && text.length > 1 && !/^#\d/.test(text)) {
    return { kind: "heading", level: hashes.length, text: text.replaceAll(/^[# ]+|[# ]+$/g, "") };
  }
  const fence = /^([`~])\1{2,} *([^`]+)? *$/.exec(text);
  if (fence !== null) {
    return { kind: "code", fence: fence[1]!, language: fence[2]?.split(/[ \t\n\f\r]/)[0], text: "", isClosed: false };
  }
  if (/^([*_-])(?: *\1){2,} *$/.test(text)) return { kind: "rule" };
  const item = /^(?:[*+-]|(\d+)\.) +(.*)/.exec(text);
  if (item !== null) {
    const start = item[1] ?? "1";
    return {
      kind: "list",
      indent: line.indent,
      isOrdered: item[1] !== undefined,
      start,
      items: [[item[2]!]],
      isLoose: false,
    };
  }
  const quoted = /^> ?(.*)/.exec(text)?.[1];
  if (quoted !== undefined) return { kind: "quote", lines: [quoted] };
  if (paragraph === undefined) return { kind: "paragraph", lines: [text] };
  paragraph.lines.push(text);
  return paragraph;
}

function renderBlock(block: Block, context: Markdown): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${renderInline(block.lines.join("\n"), context)}</p>`;
    case "heading":
      return `<h${block.level}>${renderInline(block.text, context)}</h${block.level}>`;
    case "rule":
      return "<hr />";
    case "code": {
      const language = block.language === undefined ? "" : ` class="language-${escapeHtml(block.language)}"`;
      return `<pre><code${language}>${escapeCode(block.text)}</code></pre>`;
    }
    case "quote":
      return `<blockquote>${renderBlocks(block.lines, context)}</blockquote>`;
    case "list": {
      const tag = block.isOrdered ? "ol" : "ul";
      const start = block.start === "1" ? "" : ` start="${block.start}"`;
      const items = block.items.map((lines) => `\n<li>${renderItem(lines, block.isLoose, context)}</li>`);
      return `<${tag}${start}>${items.join("")}\n</${tag}>`;
    }
  }
}

/** Without a blank line in it an item's first paragraph is bare text. */
function renderItem(lines: readonly string[], isLoose: boolean, context: Markdown): string {
  const isOpen = isLoose && lines.at(-1) !== "" ? [...lines, ""] : lines;
  const html = renderBlocks(isOpen, context);
  const trimmed = html.trim();
  if (isOpen.includes("") || !trimmed.startsWith("<p>")) return html;
  return trimmed.slice("<p>".length).replace("</p>", "");
}

/** What is found at a marker: `start` may lie before it. */
interface Inline {
  readonly start: number;
  readonly length: number;
  readonly html: string;
}

type InlineRule = (text: string, at: number, context: Markdown, isInLink: boolean) => Inline | undefined;

function renderInline(source: string, context: Markdown, isInLink = false): string {
  let html = "";
  let text = source;
  for (;;) {
    const at = text.search(/[!"*_&[:<>`~\\#@]/);
    if (at < 0) return html + breakLines(text);
    const found = rules[text[at]!]!(text, at, context, isInLink);
    if (found === undefined) {
      html += breakLines(text.slice(0, at + 1));
      text = text.slice(at + 1);
    } else {
      html += breakLines(text.slice(0, found.start)) + found.html;
      text = text.slice(found.start + found.length);
    }
  }
}

const rules: Readonly<Record<string, InlineRule>> = {
  "!": (text, at, context) =>
    /^!\[[^]*?\]\(/.test(text.slice(at)) ? context.unmodelled("Markdown: an image") : undefined,
  '"': (_text, at) => ({ start: at, length: 1, html: "&quot;" }),
  "&": (text, at) => (/^&#?\w+;/.test(text.slice(at)) ? undefined : { start: at, length: 1, html: "&amp;" }),
  "*": emphasis(/^\*\*((?:\\\*|[^*]|\*[^*]*\*)+?)\*\*(?!\*)/, /^\*((?:\\\*|[^*]|\*\*[^*]+?\*\*)+?)\*(?!\*)/),
  _: emphasis(/^__((?:\\_|[^_]|_[^_]*_)+?)__(?!_)/, /^_((?:\\_|[^_]|__[^_]*__)+?)_(?!_)\b/),
  "[": link,
  ":": address,
  "<": (text, at) => {
    const rest = text.slice(at);
    const url = /^<(\w+:\/{2}[^ >]+)>/i.exec(rest);
    if (url !== null) return { start: at, length: url[0].length, html: anchor(url[1]!, escapeCode(url[1]!)) };
    const email = /^<((mailto:)?\S+?@\S+?)>/i.exec(rest);
    if (email === null) return { start: at, length: 1, html: "&lt;" };
    const target = email[2] === undefined ? `mailto:${email[1]}` : email[1]!;
    return { start: at, length: email[0].length, html: anchor(target, escapeCode(email[1]!)) };
  },
  ">": (_text, at) => ({ start: at, length: 1, html: "&gt;" }),
  "`": (text, at) => {
    const code = /^(`+) *([^]+?) *(?<!`)\1(?!`)/.exec(text.slice(at));
    if (code === null) return undefined;
    const content = code[2]!.replaceAll(/ *\n/g, " ");
    return { start: at, length: code[0].length, html: `<code>${escapeCode(content)}</code>` };
  },
  "~": (text, at, context, isInLink) => {
    const struck = /^~~(?=\S)(.+?)(?<=\S)~~/.exec(text.slice(at));
    if (struck === null) return undefined;
    return { start: at, length: struck[0].length, html: `<del>${renderInline(struck[1]!, context, isInLink)}</del>` };
  },
  "\\": (text, at) =>
    /^[\\`*_{}[\]()>#+\-.!|]/.test(text.slice(at + 1)) ? { start: at, length: 2, html: text[at + 1]! } : undefined,
  // The first number anywhere behind the mark counts, and takes the place of as many characters.
  "#": (text, at, _context, isInLink) => {
    const card = isInLink ? null : /#(\d+)/.exec(text.slice(at));
    if (card === null) return undefined;
    const target = `/?controller=TaskViewController&action=show&task_id=${card[1]}`;
    return { start: at, length: card[0].length, html: anchor(target, card[0]) };
  },
  "@": (text, at, context, isInLink) => {
    const mentioned = isInLink ? undefined : /^@([^\s,!:?]+)/.exec(text.slice(at))?.[1]?.replace(/\.+$/, "");
    const user = mentioned === undefined ? undefined : context.userNamed(mentioned);
    if (mentioned === undefined || user === undefined) return undefined;
    const target = escapeHtml(`/?controller=UserViewController&action=profile&user_id=${user.id}`);
    const name = escapeHtml(isEmpty(user.name) ? user.username : user.name!);
    const attributes = `href="${target}" class="user-mention-link" title="${name}" aria-label="${name}"`;
    return { start: at, length: mentioned.length + 1, html: `<a ${attributes}>@${escapeCode(mentioned)}</a>` };
  },
};

function emphasis(strong: RegExp, weak: RegExp): InlineRule {
  return (text, at, context, isInLink) => {
    const rest = text.slice(at);
    if (rest.length < 2) return undefined;
    const isDouble = rest[0] === rest[1] && strong.test(rest);
    const match = (isDouble ? strong : weak).exec(rest);
    if (match === null) return undefined;
    const tag = isDouble ? "strong" : "em";
    return {
      start: at,
      length: match[0].length,
      html: `<${tag}>${renderInline(match[1]!, context, isInLink)}</${tag}>`,
    };
  };
}

/** `[text](address "title")`; in its text there are no further links. */
function link(text: string, at: number, context: Markdown, isInLink: boolean): Inline | undefined {
  if (isInLink) return undefined;
  const label = /\[((?:[^\][]|\[[^\][]*\])*)\]/.exec(text.slice(at));
  if (label === null) return undefined;
  const rest = text.slice(at + label[0].length);
  const target = /^\(\s*((?:[^ ()]|\([^ )]+\))+)(?: +("[^"]*"|'[^']*'))?\s*\)/.exec(rest);
  if (target === null) return undefined;
  const title = target[2] === undefined ? "" : ` title="${escapeHtml(target[2].slice(1, -1))}"`;
  return {
    start: at,
    length: label[0].length + target[0].length,
    html: anchor(target[1]!, renderInline(label[1]!, context, true), title),
  };
}

/** An address that stands in the text; the mark is its colon. */
function address(text: string, at: number, _context: Markdown, isInLink: boolean): Inline | undefined {
  if (isInLink || text[at + 2] !== "/") return undefined;
  const match = /\bhttps?:\/{2}[^\s<]+\b\/*/i.exec(text);
  if (match === null || match.index > at) return undefined;
  return { start: match.index, length: match[0].length, html: anchor(match[0], escapeCode(match[0])) };
}

function anchor(target: string, html: string, attributes = ""): string {
  const isSafe = schemes.some((scheme) => target.toLowerCase().startsWith(scheme));
  return `<a href="${escapeHtml(isSafe ? target : target.replaceAll(":", "%3A"))}"${attributes}>${html}</a>`;
}

const schemes: readonly string[] = [
  "http://",
  "https://",
  "ftp://",
  "ftps://",
  "mailto:",
  "data:image/png;base64,",
  "data:image/gif;base64,",
  "data:image/jpeg;base64,",
  "irc:",
  "ircs:",
  "git:",
  "ssh:",
  "news:",
  "steam:",
];

/** Quotes stay, and every ampersand is escaped. */
function escapeCode(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function breakLines(text: string): string {
  return text.replaceAll(/ *\n/g, "<br />\n");
}

function trimLines(text: string): string {
  return text.replaceAll(/^\n+|\n+$/g, "");
}
