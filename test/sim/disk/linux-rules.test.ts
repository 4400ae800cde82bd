import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { HostDisk, type WriteMode } from "../../../src/sim/disk/host-disk.ts";
import { HostFileError } from "../../../src/sim/disk/host-file-error.ts";

/** Sequences of actions run on a simulated and on a real disk, at the same absolute paths. */
const scratch = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "stormlane-linux-rules-")));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

type Action =
  | { readonly kind: WriteMode; readonly path: string; readonly text: string }
  | {
      readonly kind: "read" | "sync" | "remove" | "removeAll" | "makeFolder" | "list" | "stat" | "realPath";
      readonly path: string;
    }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

const pathText = fc.constantFrom(
  ...["/a", "/b", "/d", "/d/a", "/d/e", "/d/e/a", "/l", "/l/a", "/l/e/a", "/d/l", "/d/l/a", "/a/x", "/é", "/d/"],
  ...["/d/../b", "/l/../b", "/d/./a", "/d//a", "/l/", "/m", "/m/a", "/d/e/../../a"],
);
const target = fc.constantFrom("a", "d", "/d", "/d/e", "../d", "l", "/m", "d/../a", "l/../b", "/nowhere", "../../a/");
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom<WriteMode>("replace", "createNew", "append"),
      path: pathText,
      text: fc.constantFrom("", "one", "zwei", "三", "\ud800"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("read", "sync", "list", "stat", "realPath"), path: pathText }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("remove", "removeAll", "makeFolder"), path: pathText }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("rename"), path: pathText, to: pathText }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("link"), path: pathText, target }) },
);

test("any sequence of actions has the results, codes and tree that it has on the real disk", () => {
  let count = 0;
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 30 }), (actions) => {
      // Below some folders, so that `..` above the root of the test leads to the same places on both.
      const root = join(scratch, String(count++), "x", "y", "root");
      fs.mkdirSync(root, { recursive: true });
      const disk = new HostDisk({ base: { folders: [root], files: {} } });
      for (const each of actions) {
        expect([each, onSimulated(disk, root, each)]).toEqual([each, onReal(root, each)]);
      }
      expect(tree(disk, root)).toEqual(realTree(root));
    }),
    { numRuns: 300 },
  );
});

test("a chain of 40 links is followed, one of 41 is a loop", () => {
  const links = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`/l${index + 1}`, `l${index}`]));
  const disk = new HostDisk({ base: { folders: [], files: { "/l0": "end" }, links } });
  expect(disk.readText("/l40")).toBe("end");
  expect(() => disk.readText("/l41")).toThrow(new HostFileError("ELOOP", "/l41"));
});

function onSimulated(disk: HostDisk, root: string, action: Action): unknown {
  const path = root + action.path;
  try {
    switch (action.kind) {
      case "replace":
      case "createNew":
      case "append":
        return disk.write(path, action.text, action.kind);
      case "read":
        return [disk.readText(path), [...disk.readBytes(path)]];
      case "sync":
        return disk.sync(path);
      case "remove":
        return disk.remove(path);
      case "removeAll":
        return disk.remove(path, { recursive: true });
      case "makeFolder":
        return disk.makeFolder(path);
      case "list":
        return disk.list(path);
      case "stat": {
        const stat = disk.stat(path);
        if (stat === null) throw new HostFileError("ENOENT", path);
        return stat;
      }
      case "realPath":
        return disk.realPath(path);
      case "rename":
        return disk.rename(path, root + action.to);
      case "link":
        return disk.makeLink(targetIn(root, action.target), path);
    }
  } catch (error) {
    if (error instanceof HostFileError) return error.code;
    throw error;
  }
}

function onReal(root: string, action: Action): unknown {
  const path = root + action.path;
  try {
    switch (action.kind) {
      case "replace":
        return fs.writeFileSync(path, action.text);
      case "createNew":
        return fs.writeFileSync(path, action.text, { flag: "wx" });
      case "append":
        return fs.writeFileSync(path, action.text, { flag: "a" });
      case "read":
        return [fs.readFileSync(path, "utf8"), [...fs.readFileSync(path)]];
      case "sync": {
        const file = fs.openSync(path, "r");
        fs.fsyncSync(file);
        return fs.closeSync(file);
      }
      case "remove":
        return fs.lstatSync(path).isDirectory() ? fs.rmdirSync(path) : fs.unlinkSync(path);
      case "removeAll":
        return fs.lstatSync(path).isDirectory() ? fs.rmSync(path, { recursive: true }) : fs.unlinkSync(path);
      case "makeFolder":
        fs.mkdirSync(path, { recursive: true });
        return undefined;
      case "list":
        return fs
          .readdirSync(path)
          .toSorted()
          .map((name) => ({ name, kind: realKind(`${path}/${name}`) }));
      case "stat": {
        const kind = realKind(path);
        return { kind, sizeBytes: kind === "folder" ? 0 : fs.lstatSync(path).size };
      }
      case "realPath":
        return fs.realpathSync.native(path);
      case "rename":
        return fs.renameSync(path, root + action.to);
      case "link":
        return fs.symlinkSync(targetIn(root, action.target), path);
    }
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

function targetIn(root: string, target: string): string {
  return target.startsWith("/") ? root + target : target;
}

function realKind(path: string): "file" | "folder" | "link" {
  const stat = fs.lstatSync(path);
  return stat.isSymbolicLink() ? "link" : stat.isDirectory() ? "folder" : "file";
}

function tree(disk: HostDisk, root: string): string[] {
  return disk
    .snapshot()
    .filter(({ path }) => path.startsWith(`${root}/`))
    .map((entry) => {
      const held = entry.kind === "file" ? disk.readText(entry.path) : entry.kind === "link" ? entry.target : "";
      return `${entry.path.slice(root.length)} ${entry.kind} ${held}`;
    })
    .toSorted();
}

function realTree(root: string, folder = ""): string[] {
  const found: string[] = [];
  for (const name of fs.readdirSync(root + folder)) {
    const inside = `${folder}/${name}`;
    const path = root + inside;
    const kind = realKind(path);
    const held = kind === "file" ? fs.readFileSync(path, "utf8") : kind === "link" ? fs.readlinkSync(path) : "";
    found.push(`${inside} ${kind} ${held}`);
    if (kind === "folder") found.push(...realTree(root, inside));
  }
  return found.toSorted();
}
