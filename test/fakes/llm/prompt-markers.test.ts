import fc from "fast-check";
import { expect, it } from "vitest";
import { promptDigest } from "../../../fakes/llm/prompt-digest.ts";
import { readMarkers } from "../../../fakes/llm/prompt-markers.ts";

it("finds each marker at the start of any line, whatever stands around it", () => {
  const line = fc.string().filter((text) => !/[\n]|^(role|key|attempt): /.test(text));
  fc.assert(
    fc.property(line, line, (before, after) => {
      const prompt = `${before}\nrole: coder\n${after}\nattempt: 3\nkey: EPIC 1/s-2\n${after}`;
      expect(readMarkers(prompt)).toEqual({ role: "coder", key: "EPIC 1/s-2", attempt: 3 });
    }),
  );
});

it("takes the first of several, so that quoted text cannot replace it", () => {
  expect(readMarkers("role: coder\nkey: a\n\nrole: governance\nkey: b")).toMatchObject({ role: "coder", key: "a" });
});

it("reads nothing from the middle of a line", () => {
  expect(readMarkers("my role: x, the key: y")).toEqual({ role: "", key: "", attempt: 1 });
});

it("takes an attempt that is no whole number from 1 as the first", () => {
  for (const text of ["0", "-1", "1.5", "many", ""]) expect(readMarkers(`attempt: ${text}`).attempt).toBe(1);
});

it("digests long prompts as well as short ones to 16 digits, by their whole text", () => {
  for (const length of [0, 10, 600, 601, 100_000]) {
    const prompt = "x".repeat(length);
    expect(promptDigest(prompt)).toMatch(/^[0-9a-f]{16}$/);
    expect(promptDigest(`${prompt}y`)).not.toBe(promptDigest(`${prompt}z`));
  }
});
