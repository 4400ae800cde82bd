import { posix } from "node:path";
import type { HostFiles, ProgramContext } from "../../../src/ports/program.ts";
import { parseCode, readCode } from "../test-code.ts";
import type { Expectation, SideEffect } from "../test-code.ts";
import { parseTestFile } from "./test-file.ts";
import type { TestFunction } from "./test-file.ts";

/** One test, as it is run and reported. */
export interface TestItem {
  /** Relative to where pytest runs. */
  readonly path: string;
  readonly test: TestFunction;
  /** Of the whole file. */
  readonly lines: readonly string[];
}

/** A test file that cannot be imported, and the file that Python refuses. */
export interface CollectionError {
  readonly path: string;
  readonly brokenPath: string;
  readonly line: number;
}

export interface Collection {
  readonly items: readonly TestItem[];
  /** Of the test files and of the code they name, once each. */
  readonly effects: readonly SideEffect[];
  readonly errors: readonly CollectionError[];
  /** What pytest says of a target that does not exist. */
  readonly missing: string | undefined;
}

/** `path::TestClass::test_name` */
export function nodeId({ path, test }: TestItem): string {
  return [path, ...(test.className === undefined ? [] : [test.className]), test.name].join("::");
}

/** Each test once, in order of the targets and then of names. */
export function collect(context: ProgramContext, targets: readonly string[]): Collection {
  const items = new Map<string, TestItem>();
  const effects: SideEffect[] = [];
  const errors: CollectionError[] = [];
  const nothing = { items: [], effects: [], errors: [] };
  const known = new Map<string, FileCollection>();
  for (const target of broadest(context.cwd, targets.length === 0 ? ["."] : targets)) {
    const [given, ...names] = target.split("::");
    const paths = testPaths(context.files, context.cwd, given!);
    if (paths === undefined) return { ...nothing, missing: `file or directory not found: ${given}` };
    for (const path of paths) {
      let file = known.get(path);
      if (file === undefined) {
        file = collectFile(context, path);
        known.set(path, file);
        effects.push(...file.effects);
        if (file.error !== undefined) errors.push(file.error);
      }
      const wanted = file.items.filter((item) => names.every((name, at) => partsOf(item)[at] === name));
      if (wanted.length === 0 && names.length > 0 && file.error === undefined) {
        const where = `<Module ${posix.basename(path)}>`;
        const name = posix.resolve(context.cwd, target);
        return { ...nothing, missing: `not found: ${name}\n(no match in any of [${where}])` };
      }
      for (const item of wanted) items.set(nodeId(item), item);
    }
  }
  return { items: [...items.values()], effects, errors, missing: undefined };
}

/** Without those that another one covers. */
function broadest(cwd: string, targets: readonly string[]): readonly string[] {
  const partsOfTarget = (target: string): readonly string[] => {
    const [path, ...names] = target.split("::");
    return [...posix.resolve(cwd, path!).split("/"), "", ...names];
  };
  const covers = (wide: string, narrow: string): boolean => {
    const [wideParts, narrowParts] = [partsOfTarget(wide), partsOfTarget(narrow)];
    const last = wideParts.at(-1) === "" ? wideParts.length - 1 : wideParts.length;
    return wideParts.slice(0, last).every((part, index) => part === narrowParts[index]);
  };
  return targets.filter(
    (target, index) =>
      !targets.some((other, at) => at !== index && covers(other, target) && (!covers(target, other) || at < index)),
  );
}

function partsOf({ test }: TestItem): readonly string[] {
  return test.className === undefined ? [test.name] : [test.className, test.name];
}

interface FileCollection {
  readonly items: readonly TestItem[];
  readonly effects: readonly SideEffect[];
  readonly error: CollectionError | undefined;
}

/** Reads a test file and the code that its tests name, which it would import. */
function collectFile(context: ProgramContext, path: string): FileCollection {
  const file = parseTestFile(readCode(context, path) ?? "");
  const refused = (brokenPath: string, line: number): FileCollection => ({
    items: [],
    effects: [],
    error: { path, brokenPath, line },
  });
  if (file.syntaxErrorLine !== undefined) return refused(path, file.syntaxErrorLine);
  const expectations: readonly Expectation[] = file.tests.flatMap((test) => test.expectations);
  const effects: SideEffect[] = [...file.effects];
  for (const source of new Set(expectations.map((expectation) => expectation.path))) {
    const code = parseCode(readCode(context, source) ?? "");
    if (code.syntaxErrorLine !== undefined) return refused(source, code.syntaxErrorLine);
    effects.push(...code.effects);
  }
  const items = file.tests.map((test) => ({ path, test, lines: file.lines }));
  return { items, effects, error: undefined };
}

/** A file that is named is taken whatever it is called; below a folder `test_*.py` and `*_test.py` are. */
function testPaths(files: HostFiles, cwd: string, given: string): readonly string[] | undefined {
  const absolute = posix.resolve(cwd, given);
  const kind = files.stat(absolute)?.kind;
  if (kind === undefined) return undefined;
  const found = kind === "folder" ? testFilesBelow(files, absolute) : [absolute];
  return found.map((path) => posix.relative(cwd, path));
}

function testFilesBelow(files: HostFiles, folder: string): string[] {
  return files.list(folder).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.kind === "folder") return SKIPPED_FOLDER.test(entry.name) ? [] : testFilesBelow(files, path);
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}

const TEST_FILE = /^(test_.*|.*_test)\.py$/;
const SKIPPED_FOLDER = /^(\..*|build|dist|node_modules|venv|_darcs|CVS|\{arch\}|.*\.egg)$/;
