import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/serving/fetch-client.ts";

describe("the text of a body", () => {
  it("is what was sent, whatever characters are in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const sent = text.toWellFormed();
        expect(decodeText(new TextEncoder().encode(sent))).toBe(sent);
      }),
    );
  });

  it("is no JSON when its bytes are not UTF-8, also inside of a string", () => {
    const json = fc.json().map((text) => new TextEncoder().encode(JSON.stringify([text])));
    fc.assert(
      fc.property(json, fc.nat(), fc.constantFrom(0x80, 0xc0, 0xff), (bytes, at, bad) => {
        const broken = Uint8Array.from([...bytes]);
        broken[at % broken.length] = bad;
        fc.pre(!Buffer.from(Buffer.from(broken).toString("utf8"), "utf8").equals(Buffer.from(broken)));
        expect(() => JSON.parse(decodeText(broken)) as unknown).toThrow(SyntaxError);
      }),
    );
  });
});
