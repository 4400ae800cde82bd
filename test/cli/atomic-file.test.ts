import fc from "fast-check";
import { fs as memory, vol } from "memfs";
import { beforeEach, expect, test, vi } from "vitest";

/** Asked anew for each call, so that a test can make one fail. */
vi.mock("node:fs", () => ({
  ...memory,
  mkdirSync: (...args: Parameters<typeof memory.mkdirSync>) => memory.mkdirSync(...args),
  writeFileSync: (...args: Parameters<typeof memory.writeFileSync>) => memory.writeFileSync(...args),
  renameSync: (...args: Parameters<typeof memory.renameSync>) => memory.renameSync(...args),
}));

const { prepareFolder, writeFileAtomically } = await import("../../src/cli/atomic-file.ts");

beforeEach(() => {
  vi.restoreAllMocks();
  vol.reset();
});

/** Makes the calls of one function fail from the n-th on, as a disk does that is full or going. */
function breakFrom(name: "writeFileSync" | "renameSync", n: number, code: string): void {
  const real = memory[name] as (...args: readonly unknown[]) => unknown;
  let calls = 0;
  vi.spyOn(memory, name).mockImplementation((...args: readonly unknown[]) => {
    if (++calls < n) return real.apply(memory, args as never);
    // What a write that fails has written by then stays.
    if (name === "writeFileSync") vol.writeFileSync(args[0] as string, String(args[1]).slice(0, 3));
    throw Object.assign(new Error(`${code}: no`), { code });
  });
}

function contents(): Record<string, string | null> {
  return vol.toJSON("/reports");
}

test("a file is whole, whatever stood there before", () => {
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), fc.string(), (before, text) => {
      vol.reset();
      vol.mkdirSync("/reports");
      if (before !== undefined) vol.writeFileSync("/reports/a.json", before);
      writeFileAtomically("/reports/a.json", text);
      expect(contents()).toEqual({ "/reports/a.json": text });
    }),
  );
});

test.for([
  ["writeFileSync", "ENOSPC"],
  ["renameSync", "EIO"],
] as const)("when %s fails with %s, the old file is as it was and nothing is left beside it", ([name, code]) => {
  vol.fromJSON({ "/reports/a.json": "before" });
  breakFrom(name, 1, code);
  expect(() => writeFileAtomically("/reports/a.json", "after")).toThrow(code);
  expect(contents()).toEqual({ "/reports/a.json": "before" });
});

test("a folder for reports is made with all that are missing above it, and left empty", () => {
  vol.mkdirSync("/reports");
  prepareFolder("--out", "/reports/a/b");
  expect(contents()).toEqual({ "/reports/a/b": null });
});

test("a folder that cannot be written to is refused by the option that named it", () => {
  vol.mkdirSync("/reports");
  breakFrom("writeFileSync", 1, "EROFS");
  expect(() => prepareFolder("--out", "/reports/a")).toThrow("--out /reports/a: cannot be written to (EROFS)");
});

test("a folder that another process makes at the same moment is taken as it is", () => {
  vol.mkdirSync("/reports");
  const make = memory.mkdirSync.bind(memory);
  vi.spyOn(memory, "mkdirSync").mockImplementation((path) => {
    make(path);
    throw Object.assign(new Error("EEXIST: file already exists"), { code: "EEXIST" });
  });
  prepareFolder("stateFolder", "/reports/a/b");
  expect(contents()).toEqual({ "/reports/a/b": null });
});
