import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeHtml, renderMarkdown, type Markdown } from "../../../fakes/kanboard/markdown.ts";
import { Store } from "../../../fakes/kanboard/store.ts";

const store = new Store();
const context: Markdown = {
  userNamed: (name) => store.userNamed(name),
  unmodelled: (what) => {
    throw new Error(what);
  },
};

const path = new URL("../../fixtures/kanboard-differential/markdown.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as readonly { readonly text: string; readonly html: string }[];

describe("Markdown", () => {
  test.for(recorded)("is rendered as the server does: $text", ({ text, html }) => {
    expect(renderMarkdown(text, context)).toBe(html);
  });

  test.each(["a | b\n--- | ---", "Title\n=====", "    code", "![image](http://x.y/z.png)", "[x]: http://y.z"])(
    "ends the run at what is not modelled: %s",
    (text) => {
      expect(() => renderMarkdown(text, context)).toThrow("Markdown: ");
    },
  );

  test("never lets a tag of the text through", () => {
    const pieces = fc.constantFrom("<", ">", "script", "*", "_", "`", "[", "](", ")", '"', "a", " ", "&", "~~", "#1");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const html = renderMarkdown(`x ${parts.join("")}`, context);
        expect(html.replaceAll(/<\/?(?:p|em|strong|code|del|a)\b[^<>]*>/g, "")).not.toMatch(/[<>]/);
      }),
    );
  });
});

test("an entity in a page stays one", () => {
  expect(escapeHtml(`<&amp; & &#39; ">'`)).toBe("&lt;&amp; &amp; &#39; &quot;&gt;&#039;");
});
