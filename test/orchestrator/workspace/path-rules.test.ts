import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDirname, isPlainPath, isReserved, parentOf } from "../../../src/orchestrator/workspace/path-rules.ts";

describe("isPlainPath", () => {
  test("accepts only paths that stay where they are when they are resolved", () => {
    const parts = fc.array(fc.constantFrom("a", "..", ".", "", "b.py", "a\nb", "a\\b", "\u0000"), { maxLength: 5 });
    fc.assert(
      fc.property(parts, fc.boolean(), (list, absolute) => {
        const path = (absolute ? "/" : "") + list.join("/");
        if (!isPlainPath(path)) return;
        expect(posix.normalize(path)).toBe(path);
        expect(posix.resolve("/root", path).startsWith("/root/")).toBe(true);
        expect(path).not.toMatch(/[\n\\\u0000]/);
      }),
    );
    expect(isPlainPath("tests/test_S1.py")).toBe(true);
  });

  test.each(["", "/etc/passwd", "../x", "a/../../x", "./x", "a//b", "a/", "a\nb", "C:\\x", "\ud800"])(
    "refuses %j",
    (path) => {
      expect(isPlainPath(path)).toBe(false);
    },
  );
});

test("isReserved covers the administration of workspace and repository, in any case", () => {
  for (const path of [".agentleeops/ratchet.json", ".git/config", ".GIT/hooks/x", ".agentleeops"]) {
    expect(isReserved(path)).toBe(true);
  }
  expect(isReserved("src/.git")).toBe(false);
});

test.each(["", "-a", "A", "a b", "a/b", "..", "a\n", "a\u0000", "ä", "a".repeat(101)])(
  "isDirname refuses %j",
  (name) => {
    expect(isDirname(name)).toBe(false);
  },
);

test("isDirname accepts the plain form", () => {
  expect(isDirname("login-page-2")).toBe(true);
});

test("parentOf gives the folder of a path", () => {
  expect(parentOf("a/b/c")).toBe("a/b");
  expect(parentOf("a")).toBe("");
});
