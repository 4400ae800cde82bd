import { expect } from "vitest";
import type { FilesPort } from "../../../src/ports/files.ts";
import type { DiskErrorCode, Result } from "../../../src/ports/result.ts";
import { expectFail, valueOf } from "./expect-result.ts";
import { describePortLaws, type Differences, type PortImplementation, type PortLaw } from "./port-law.ts";

export function filesLaws(implementation: PortImplementation, differences: Differences = {}): void {
  describePortLaws("files", [...contents, ...names, ...links, ...refusals()], implementation, differences);
}

const contents: readonly PortLaw[] = [
  {
    title: "text that was written is read back, with its size in bytes",
    async check({ files }, { root }) {
      const texts = ["", "plain\n", "é € 😀 \u0000 end", "\uFEFFmarked"];
      for (const [index, text] of texts.entries()) {
        const path = `${root}/${index}`;
        valueOf(await files.write(path, text));
        expect(valueOf(await files.readText(path))).toBe(text);
        expect(valueOf(await files.stat(path))).toEqual({ kind: "file", sizeBytes: Buffer.byteLength(text) });
      }
    },
  },
  {
    title: "bytes that were written are read back",
    async check({ files }, { root }) {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      valueOf(await files.write(`${root}/bytes`, bytes));
      const read = valueOf(await files.readBytes(`${root}/bytes`));
      expect(read).toBeInstanceOf(Uint8Array);
      expect([...read]).toEqual([...bytes]);
    },
  },
  {
    title: "bytes that are not UTF-8 are read as replacement characters",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/broken`, new Uint8Array([0x61, 0xff, 0x62])));
      expect(valueOf(await files.readText(`${root}/broken`))).toBe("a\uFFFDb");
    },
  },
  {
    title: "what is read or written afterwards does not change with the caller's array",
    async check({ files }, { root }) {
      const bytes = new Uint8Array([1, 2, 3]);
      valueOf(await files.write(`${root}/bytes`, bytes));
      bytes[0] = 9;
      const read = valueOf(await files.readBytes(`${root}/bytes`));
      expect([...read]).toEqual([1, 2, 3]);
      read[1] = 9;
      expect([...valueOf(await files.readBytes(`${root}/bytes`))]).toEqual([1, 2, 3]);
    },
  },
  {
    title: "a write replaces the whole content",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/a`, "a long content"));
      valueOf(await files.write(`${root}/a`, "short"));
      expect(valueOf(await files.readText(`${root}/a`))).toBe("short");
    },
  },
  {
    title: "an append makes the file and then adds to its end",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/log`, "one\n", { mode: "append" }));
      valueOf(await files.write(`${root}/log`, new Uint8Array([0x32, 0x0a]), { mode: "append" }));
      expect(valueOf(await files.readText(`${root}/log`))).toBe("one\n2\n");
    },
  },
  {
    title: "createNew makes a file once and never touches one that exists",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/claim`, "first", { mode: "createNew" }));
      expectFail(await files.write(`${root}/claim`, "second", { mode: "createNew" }), "EEXIST");
      expect(valueOf(await files.readText(`${root}/claim`))).toBe("first");
    },
  },
  {
    title: "of many who createNew one file exactly one succeeds",
    async check(ports, { root }) {
      const names = ["a", "b", "c", "d", "e"];
      const results = await Promise.all(
        names.map((name) => ports.fork(name).files.write(`${root}/claim`, name, { mode: "createNew" })),
      );
      const winners = names.filter((_, index) => results[index]!.kind === "ok");
      expect(winners).toHaveLength(1);
      for (const result of results) if (result.kind !== "ok") expectFail(result, "EEXIST");
      expect(valueOf(await ports.files.readText(`${root}/claim`))).toBe(winners[0]);
    },
  },
  {
    title: "files and folders can be synced",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/a`, "text"));
      valueOf(await files.sync(`${root}/a`));
      valueOf(await files.sync(root));
      expect(valueOf(await files.readText(`${root}/a`))).toBe("text");
    },
  },
];

const names: readonly PortLaw[] = [
  {
    title: "a rename replaces the file at its new name and leaves nothing at the old one",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/new`, "new"));
      valueOf(await files.write(`${root}/old`, "old"));
      valueOf(await files.rename(`${root}/new`, `${root}/old`));
      expect(valueOf(await files.readText(`${root}/old`))).toBe("new");
      expectFail(await files.stat(`${root}/new`), "ENOENT");
    },
  },
  {
    title: "a rename to the same name changes nothing",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/a`, "text"));
      valueOf(await files.rename(`${root}/a`, `${root}/a`));
      expect(valueOf(await files.readText(`${root}/a`))).toBe("text");
    },
  },
  {
    title: "a renamed folder takes along all below it and may replace an empty one",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/from/deep`));
      valueOf(await files.makeFolder(`${root}/to`));
      valueOf(await files.write(`${root}/from/deep/a`, "text"));
      valueOf(await files.rename(`${root}/from`, `${root}/to`));
      expect(valueOf(await files.readText(`${root}/to/deep/a`))).toBe("text");
      expectFail(await files.stat(`${root}/from`), "ENOENT");
    },
  },
  {
    title: "a folder is made with its parents, and again without complaint",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/a/b/c`));
      valueOf(await files.write(`${root}/a/b/c/file`, "kept"));
      valueOf(await files.makeFolder(`${root}/a/b/c`));
      expect(valueOf(await files.stat(`${root}/a/b`))).toEqual({ kind: "folder", sizeBytes: 0 });
      expect(valueOf(await files.readText(`${root}/a/b/c/file`))).toBe("kept");
    },
  },
  {
    title: "a listing has the kinds and stands in code-unit order",
    async check({ files }, { root }) {
      expect(valueOf(await files.list(root))).toEqual([]);
      // By code points the last two would stand the other way round; by a language é would stand before z.
      const fileNames = ["B", "a", "a.txt", "z", "é", "😀", "｡"];
      for (const name of fileNames.toReversed()) valueOf(await files.write(`${root}/${name}`, ""));
      valueOf(await files.makeFolder(`${root}/folder/not-listed`));
      valueOf(await files.makeLink("folder", `${root}/link`));
      expect(valueOf(await files.list(root))).toEqual([
        { name: "B", kind: "file" },
        { name: "a", kind: "file" },
        { name: "a.txt", kind: "file" },
        { name: "folder", kind: "folder" },
        { name: "link", kind: "link" },
        { name: "z", kind: "file" },
        { name: "é", kind: "file" },
        { name: "😀", kind: "file" },
        { name: "｡", kind: "file" },
      ]);
    },
  },
  {
    title: "a removed file or empty folder is gone",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/file`, ""));
      valueOf(await files.makeFolder(`${root}/folder`));
      valueOf(await files.remove(`${root}/file`));
      valueOf(await files.remove(`${root}/folder`));
      expect(valueOf(await files.list(root))).toEqual([]);
    },
  },
  {
    title: "a recursive removal takes a folder and all below it, or a single file",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/folder/deep`));
      valueOf(await files.write(`${root}/folder/deep/a`, ""));
      valueOf(await files.write(`${root}/file`, ""));
      valueOf(await files.remove(`${root}/folder`, { recursive: true }));
      valueOf(await files.remove(`${root}/file`, { recursive: true }));
      expect(valueOf(await files.list(root))).toEqual([]);
    },
  },
];

const links: readonly PortLaw[] = [
  {
    title: "reading, writing, listing and syncing follow a link",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/folder`));
      valueOf(await files.write(`${root}/folder/a`, "text"));
      valueOf(await files.makeLink("folder", `${root}/to-folder`));
      valueOf(await files.makeLink(`${root}/folder/a`, `${root}/to-file`));
      valueOf(await files.write(`${root}/to-file`, "changed"));
      valueOf(await files.write(`${root}/to-folder/b`, "new"));
      valueOf(await files.sync(`${root}/to-folder`));
      valueOf(await files.makeFolder(`${root}/to-folder/c`));
      expect(valueOf(await files.readText(`${root}/folder/a`))).toBe("changed");
      expect(valueOf(await files.readText(`${root}/to-folder/a`))).toBe("changed");
      expect(valueOf(await files.list(`${root}/to-folder`)).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    },
  },
  {
    title: "a write through a link that points nowhere makes its target",
    async check({ files }, { root }) {
      valueOf(await files.makeLink("target", `${root}/link`));
      valueOf(await files.write(`${root}/link`, "text"));
      expect(valueOf(await files.readText(`${root}/target`))).toBe("text");
      expect(valueOf(await files.stat(`${root}/link`)).kind).toBe("link");
    },
  },
  {
    title: "stat tells of the link itself",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/folder`));
      valueOf(await files.makeLink("folder", `${root}/to-folder`));
      valueOf(await files.makeLink("nowhere", `${root}/to-nothing`));
      expect(valueOf(await files.stat(`${root}/to-folder`))).toEqual({ kind: "link", sizeBytes: "folder".length });
      expect(valueOf(await files.stat(`${root}/to-nothing`)).kind).toBe("link");
    },
  },
  {
    title: "removing a link, also recursively, leaves its target alone",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/folder`));
      valueOf(await files.write(`${root}/folder/a`, "kept"));
      valueOf(await files.makeFolder(`${root}/other`));
      valueOf(await files.makeLink(`${root}/folder`, `${root}/other/inside`));
      valueOf(await files.makeLink("folder", `${root}/one`));
      valueOf(await files.makeLink("folder", `${root}/two`));
      valueOf(await files.remove(`${root}/one`));
      valueOf(await files.remove(`${root}/two`, { recursive: true }));
      valueOf(await files.remove(`${root}/other`, { recursive: true }));
      expect(valueOf(await files.list(root))).toEqual([{ name: "folder", kind: "folder" }]);
      expect(valueOf(await files.readText(`${root}/folder/a`))).toBe("kept");
    },
  },
  {
    title: "a rename moves a link, and replaces a link rather than its target",
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/target`, "kept"));
      valueOf(await files.makeLink("target", `${root}/link`));
      valueOf(await files.rename(`${root}/link`, `${root}/moved`));
      expect(valueOf(await files.stat(`${root}/moved`)).kind).toBe("link");
      valueOf(await files.write(`${root}/file`, "new"));
      valueOf(await files.rename(`${root}/file`, `${root}/moved`));
      expect(valueOf(await files.stat(`${root}/moved`)).kind).toBe("file");
      expect(valueOf(await files.readText(`${root}/target`))).toBe("kept");
    },
  },
  {
    title: "realPath resolves every link, and a relative one from the folder it lies in",
    async check({ files }, { root }) {
      valueOf(await files.makeFolder(`${root}/a/b`));
      valueOf(await files.write(`${root}/a/file`, ""));
      valueOf(await files.makeLink("../file", `${root}/a/b/up`));
      valueOf(await files.makeLink(`${root}/a`, `${root}/absolute`));
      valueOf(await files.makeLink("absolute/b", `${root}/twice`));
      expect(valueOf(await files.realPath(`${root}/twice/up`))).toBe(`${root}/a/file`);
      expect(valueOf(await files.realPath(`${root}/twice`))).toBe(`${root}/a/b`);
      expect(valueOf(await files.realPath(`${root}/a/../a/./b`))).toBe(`${root}/a/b`);
      expect(valueOf(await files.realPath(root))).toBe(root);
    },
  },
];

/** One law for each: a call that is refused, with its code, on a disk of a file, folders and links. */
function refusals(): PortLaw[] {
  return refusedCalls.map(([title, code, call]) => ({
    title: `${title}: ${code}, and nothing changes`,
    async check({ files }, { root }) {
      valueOf(await files.write(`${root}/file`, "text"));
      valueOf(await files.makeFolder(`${root}/folder/full`));
      valueOf(await files.write(`${root}/folder/full/a`, "text"));
      valueOf(await files.makeFolder(`${root}/empty`));
      valueOf(await files.makeLink("nowhere", `${root}/dangling`));
      valueOf(await files.makeLink("loop-b", `${root}/loop-a`));
      valueOf(await files.makeLink("loop-a", `${root}/loop-b`));
      const before = await tree(files, root);
      const result = await call(files, root);
      expectFail(result, code);
      expect(result).toHaveProperty("error.message", expect.stringContaining(root));
      expect(await tree(files, root)).toEqual(before);
    },
  }));
}

type Refused = readonly [title: string, code: DiskErrorCode, call: (files: FilesPort, root: string) => RefusedCall];
type RefusedCall = Promise<Result<unknown>>;

const refusedCalls: readonly Refused[] = [
  ["reading what is absent", "ENOENT", (files, root) => files.readText(`${root}/absent`)],
  ["reading bytes of what is absent", "ENOENT", (files, root) => files.readBytes(`${root}/absent`)],
  ["reading a folder", "EISDIR", (files, root) => files.readText(`${root}/folder`)],
  ["reading below a file", "ENOTDIR", (files, root) => files.readText(`${root}/file/a`)],
  ["reading through a link to nowhere", "ENOENT", (files, root) => files.readText(`${root}/dangling`)],
  ["reading through a loop of links", "ELOOP", (files, root) => files.readText(`${root}/loop-a`)],
  ["writing without a parent folder", "ENOENT", (files, root) => files.write(`${root}/absent/a`, "text")],
  ["writing to a folder", "EISDIR", (files, root) => files.write(`${root}/folder`, "text")],
  ["writing below a file", "ENOTDIR", (files, root) => files.write(`${root}/file/a`, "text")],
  ["writing through a loop of links", "ELOOP", (files, root) => files.write(`${root}/loop-a`, "text")],
  ["createNew at a folder", "EEXIST", (files, root) => files.write(`${root}/folder`, "", { mode: "createNew" })],
  [
    "createNew at a link to nowhere",
    "EEXIST",
    (files, root) => files.write(`${root}/dangling`, "", { mode: "createNew" }),
  ],
  ["appending to a folder", "EISDIR", (files, root) => files.write(`${root}/folder`, "", { mode: "append" })],
  ["syncing what is absent", "ENOENT", (files, root) => files.sync(`${root}/absent`)],
  ["renaming what is absent", "ENOENT", (files, root) => files.rename(`${root}/absent`, `${root}/to`)],
  ["renaming into an absent folder", "ENOENT", (files, root) => files.rename(`${root}/file`, `${root}/absent/to`)],
  ["renaming a file to a folder", "EISDIR", (files, root) => files.rename(`${root}/file`, `${root}/empty`)],
  ["renaming a folder to a file", "ENOTDIR", (files, root) => files.rename(`${root}/empty`, `${root}/file`)],
  ["renaming to a full folder", "ENOTEMPTY", (files, root) => files.rename(`${root}/empty`, `${root}/folder`)],
  ["renaming a folder into itself", "EINVAL", (files, root) => files.rename(`${root}/folder`, `${root}/folder/in`)],
  ["removing what is absent", "ENOENT", (files, root) => files.remove(`${root}/absent`)],
  ["recursively removing what is absent", "ENOENT", (files, root) => files.remove(`${root}/absent`, recursively)],
  ["removing a full folder", "ENOTEMPTY", (files, root) => files.remove(`${root}/folder`)],
  ["making a folder where a file is", "EEXIST", (files, root) => files.makeFolder(`${root}/file`)],
  ["making a folder below a file", "ENOTDIR", (files, root) => files.makeFolder(`${root}/file/a`)],
  ["listing what is absent", "ENOENT", (files, root) => files.list(`${root}/absent`)],
  ["listing a file", "ENOTDIR", (files, root) => files.list(`${root}/file`)],
  ["stat of what is absent", "ENOENT", (files, root) => files.stat(`${root}/absent`)],
  ["stat below a file", "ENOTDIR", (files, root) => files.stat(`${root}/file/a`)],
  ["realPath of what is absent", "ENOENT", (files, root) => files.realPath(`${root}/absent`)],
  ["realPath of a link to nowhere", "ENOENT", (files, root) => files.realPath(`${root}/dangling`)],
  ["realPath of a loop of links", "ELOOP", (files, root) => files.realPath(`${root}/loop-a`)],
  ["making a link where a file is", "EEXIST", (files, root) => files.makeLink("file", `${root}/file`)],
  ["making a link where a link is", "EEXIST", (files, root) => files.makeLink("file", `${root}/dangling`)],
  ["making a link in an absent folder", "ENOENT", (files, root) => files.makeLink("file", `${root}/absent/a`)],
  ["a zero byte in a path", "EINVAL", (files, root) => files.readText(`${root}/a\u0000b`)],
];

const recursively = { recursive: true };

/** Every path below the folder with what it is, for comparison. */
async function tree(files: FilesPort, folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, kind } of valueOf(await files.list(folder))) {
    const path = `${folder}/${name}`;
    lines.push(kind === "file" ? `${path}: ${valueOf(await files.readText(path))}` : `${path} is a ${kind}`);
    if (kind === "folder") lines.push(...(await tree(files, path)));
  }
  return lines;
}
