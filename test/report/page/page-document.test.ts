import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { markup } from "../../../src/report/page/markup.ts";
import { pageDocument } from "../../../src/report/page/page-document.ts";

const parts = { title: "T", style: "p { color: red }", script: "run();", body: markup`<p>body</p>` };

test("data of any kind stays data, and comes back as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const page = pageDocument({ ...parts, data: { id: "data", value } });
      const [, json] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page) ?? [];
      expect(JSON.parse(json!)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the policy names the script and the style that the page has, and nothing else", () => {
  const page = pageDocument({ ...parts, script: `const end = "</script>"; const open = "<!--";` });
  const [, script] = /<script>(.*)<\/script>/s.exec(page) ?? [];
  expect(script).toBe(String.raw`const end = "\x3c/script>"; const open = "\x3c!--";`);
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hash = (text: string): string => `&#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
  expect(policy!.split("; ")).toEqual([
    "default-src &#39;none&#39;",
    `style-src ${hash(parts.style)}`,
    `script-src ${hash(script!)}`,
    "connect-src &#39;none&#39;",
    "img-src data:",
    "base-uri &#39;none&#39;",
    "form-action &#39;none&#39;",
  ]);
});

test("a page may ask its own server when it says so", () => {
  expect(pageDocument({ ...parts, asksServer: true })).toContain("connect-src &#39;self&#39;");
});
