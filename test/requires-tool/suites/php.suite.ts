import { beforeAll, describe, expect, test } from "vitest";
import { requiresTool } from "../requires-tool.ts";

describe("with php", () => {
  const hasPhp = requiresTool("php");
  beforeAll(() => {
    if (hasPhp) process.stdout.write("php is there\n");
  });
  test("runs a script", () => expect(hasPhp).toBe(true));
  test("runs another script", () => expect(hasPhp).toBe(true));
});

test("needs no tool", () => expect(1).toBe(1));
