import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("passes, and forgets its folder", () => {
  expect(mkdtempSync(join(tmpdir(), "left-behind-"))).toContain("left-behind-");
});
