import fc from "fast-check";
import { expect, test } from "vitest";
import { markup } from "../../../src/report/page/markup.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "</script><img src=x onerror=alert(1)>",
    `" onclick="alert(1)`,
    "<!--",
    "&lt;",
    "\u202egnp",
    "\ud800",
  ),
);

test("text is never markup, neither between tags nor in an attribute", () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const { text } = markup`<p title="${value}">${value}</p>`;
      const [, title, inner] = /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(text) ?? [];
      expect(title).toBe(inner);
      expect(title).toMatch(/^(?:[^<>"'&]|&#\d+;)*$/);
    }),
  );
});

test("a reader sees printable text as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii" }), (value) => {
      const shown = markup`${value}`.text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      expect(shown).toBe(value);
    }),
  );
});

test("characters that would move or hide other text are spelled out", () => {
  expect(markup`${"a\u202eb\u0000c\u200bd\ud800"}`.text).toBe(String.raw`a\u202eb\u0000c\u200bd\ud800`);
});

test("markup goes into markup, lists are their items, and nothing is nothing", () => {
  const items = ["<a>", "b"].map((item) => markup`<li>${item}</li>`);
  expect(markup`<ul>${items}${undefined}</ul>${3}`.text).toBe("<ul><li>&#60;a&#62;</li><li>b</li></ul>3");
});

test("what only looks like markup is not taken for it", () => {
  const pretender = JSON.parse(`{"text": "<b>"}`) as string;
  expect(() => markup`${pretender}`.text).toThrow(TypeError);
});
