import fc from "fast-check";
import { expect, test } from "vitest";
import { compressPrompt } from "../../../src/orchestrator/llm/compress-prompt.ts";

const words = fc.array(fc.constantFrom("the", "part", "  wide   ", "store", "does", "nothing", "\t"), {
  minLength: 40,
  maxLength: 300,
});
const paragraph = words.map((each) => `x ${each.join(" ")}`);
const fenced = fc
  .tuple(
    fc.constantFrom("```", "````", "~~~"),
    fc.array(fc.constantFrom("def f():", "    return  1", "", "a  =  b", "`` `")),
  )
  .map(([fence, lines]) => `${fence}py\n${lines.join("\n")}\n${fence}`);
const json = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => typeof value === "object" && value !== null)
  .map((value) => JSON.stringify(value, null, 2));
const quote = fc
  .array(fc.constantFrom("E   assert  1 == 2", ">  x", "failed"), { minLength: 1, maxLength: 5 })
  .map((lines) => lines.map((line) => `    ${line}`).join("\n"));
const kept = fc.oneof(fenced, json, quote);
const prompt = fc.array(
  fc.oneof(
    { arbitrary: paragraph, weight: 2 },
    kept.map((text) => ({ text })),
    // The same code may stand at several places.
    fc.constant({ text: "```\nfirst = 1\nsecond = 2\nthird = first + second\n```" }),
  ),
  { minLength: 1, maxLength: 12 },
);

test("code, JSON and quotes come out byte for byte, and nothing gets longer", () => {
  let cuts = 0;
  fc.assert(
    fc.property(prompt, fc.integer({ min: 10, max: 110 }), (parts, percent) => {
      const text = parts.map((part) => (typeof part === "string" ? part : part.text)).join("\n\n");
      const charsMax = Math.floor((text.length * percent) / 100);
      const compressed = compressPrompt(text, charsMax);
      if (text.length <= charsMax) {
        expect(compressed).toEqual({ prompt: text, omittedChars: 0, fits: true });
        return;
      }
      expect(compressed.prompt.length).toBeLessThanOrEqual(text.length);
      expect(compressed.fits).toBe(compressed.prompt.length <= charsMax);
      expect(compressed.omittedChars).toBe(text.length - compressed.prompt.length);
      let at = 0;
      for (const part of parts) {
        if (typeof part === "string") continue;
        at = compressed.prompt.indexOf(part.text, at);
        expect(at, part.text).toBeGreaterThanOrEqual(0);
        at += part.text.length;
      }
      if (compressed.fits) cuts++;
      expect(compressPrompt(compressed.prompt, charsMax).prompt).toBe(compressed.prompt);
    }),
    { numRuns: 1_000 },
  );
  expect(cuts).toBeGreaterThan(100);
});

test("prose alone always fits, down to what a paragraph keeps", () => {
  fc.assert(
    fc.property(fc.array(paragraph, { minLength: 1, maxLength: 8 }), (paragraphs) => {
      const text = paragraphs.join("\n\n");
      const { fits, prompt: short } = compressPrompt(text, Math.max(300 * paragraphs.length, text.length >> 1));
      expect(fits, short).toBe(true);
    }),
  );
});

test("spaces go before words, repeated paragraphs before new ones, and what is missing is said", () => {
  const sentence = "The parts are a store, a service and a page that shows it.";
  expect(compressPrompt(`a   b\n\n\n\nc`, 8).prompt).toBe("a b\n\nc");
  expect(compressPrompt("a   b\nrun `x  =  1`  now\n", 20).prompt).toBe("a b\nrun `x  =  1`  now\n");
  const repeated = compressPrompt(`${sentence}\n\nNew.\n\n${sentence}\n\nEnd.`, 100);
  expect(repeated.prompt).toBe(`${sentence}\n\nNew.\n\nEnd.`);
  const long = compressPrompt(`First. ${"word ".repeat(400)}last.`, 600);
  expect(long.prompt).toMatch(/^First\. [^]*\[… \d+ characters are left out here …\][^]*last\.$/);
  expect(long.fits).toBe(true);
});

test.each(["{\n  'name':  'the  store',\n}", "[\n  1,  2\n]", '{"text":  "a ] b"}', "  {\n\n    x:  1 }"])(
  "data stays as it is even where it is no whole JSON: %j",
  (data) => {
    const { prompt: short, omittedChars } = compressPrompt(`many    words\n\n${data}\n\nmore    words`, 10);
    expect(short).toBe(`many words\n\n${data}\n\nmore words`);
    expect(omittedChars).toBe(6);
  },
);

test("code that is too long by itself is not cut: it does not fit", () => {
  const code = `\`\`\`\n${"x = 1\n".repeat(200)}\`\`\``;
  expect(compressPrompt(code, 100)).toEqual({ prompt: code, omittedChars: 0, fits: false });
});
