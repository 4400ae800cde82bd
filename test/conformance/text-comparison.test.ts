import { describe, expect, it } from "vitest";
import { Identities } from "../../src/conformance/identities.ts";
import { textsAgree } from "../../src/conformance/text-comparison.ts";

const startS = Date.UTC(2026, 10, 20) / 1000;
const dayS = 86_400;

function agree(expected: string, actual: string): boolean {
  return textsAgree(expected, actual, {
    member: "event_content",
    identities: new Identities(),
    secrets: new Identities(),
    epochs: { expected: [[startS, startS + 60]], actual: [[startS + dayS, startS + dayS + 60]] },
  });
}

describe("a date in a text that the server wrote", () => {
  it("agrees outside of the run when it is the same one, and not when it is another", () => {
    expect(agree("due 01/02/2030 10:00", "due 01/02/2030 10:00")).toBe(true);
    expect(agree("due 01/02/2030 10:00", "due 01/03/2030 10:00")).toBe(false);
  });

  it("agrees inside of the run when it lies in the same epoch of the other one", () => {
    expect(agree("made 11/20/2026 00:00", "made 11/21/2026 00:00")).toBe(true);
    expect(agree("made 11/20/2026 00:00", "made 11/20/2026 00:00")).toBe(false);
  });
});
