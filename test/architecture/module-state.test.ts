import { describe, expect, test } from "vitest";
import { deterministicFolders } from "./ban-list.ts";
import { findModuleState, type StateViolation } from "./module-state.ts";
import { describeViolations, readSourceFiles } from "./source-file.ts";

const root = new URL("../../", import.meta.url);

/** Names that may live as long as the module, each with the reason. An exception that nothing needs fails the test. */
const exceptions: readonly { path: string; name: string; reason: string }[] = [
  { path: "src/base/body.ts", name: "empty", reason: "an immutable value: its text and its lack of a value are fixed" },
  {
    path: "src/kernel/operation.ts",
    name: "nameHashes",
    reason: "remembers a pure function of its argument: no run can tell whether the answer was there already",
  },
  {
    path: "src/kernel/guards.ts",
    name: "watch",
    reason: "the guards stand in globals of the process, once for all runs",
  },
  { path: "src/kernel/guards.ts", name: "installed", reason: "globals can be replaced once only, whoever asks" },
];

const files = readSourceFiles(root, deterministicFolders);
const found = files.flatMap(findModuleState);

test("no module that runs inside a simulation keeps state", () => {
  expect(files.length).toBeGreaterThan(10);
  expect(describeViolations(found.filter((state) => !exceptions.some((exception) => covers(exception, state))))).toBe(
    "",
  );
});

test("every exception is still needed", () => {
  expect(exceptions.filter((exception) => !found.some((state) => covers(exception, state)))).toEqual([]);
});

function covers(exception: { path: string; name: string }, state: StateViolation): boolean {
  return exception.path === state.path && exception.name === state.name;
}

describe("the check finds", () => {
  test.each([
    ["let count = 0;"],
    ["var count = 0;"],
    ["export let count: number;"],
    ["const seen = new Map<string, number>();"],
    ["export const seen = new Set();"],
    ["const seen: Map<string, number> = new Map();"],
    ["const byCard = new WeakMap();"],
    ["const queue: string[] = [];"],
    ["const queue = [1, 2];"],
    ["const queue = [1, 2] satisfies number[];"],
    ["const queue = new Array<number>(3);"],
    ["const kanboard = new Kanboard();"],
    ["class Counter { count = 0; } const counter = new Counter();"],
    ["class Mine extends Counter { readonly name = 'mine'; } const counter = new Mine();"],
    ["class Counter { static count = 0; }"],
    ["class Counter { static readonly seen = new Map(); }"],
    ["const limits: Limits = { children: 20 }; export function raise() { limits.children = 21; }"],
    ["const limits = { children: { max: 20 } }; function raise() { limits.children.max++; }"],
    ["const memo: Memo = {}; function forget(key: string) { delete memo[key]; }"],
    ["const lanes: readonly Lane[] = []; function add(lane: Lane) { (lanes as Lane[]).push(lane); }"],
    ["const word = /a/g; function isWord(text: string) { return word.test(text); }"],
  ])("%s", (text) => {
    expect(findModuleState({ path: "a.ts", text })).toHaveLength(1);
  });
});

describe("the check accepts", () => {
  test.each([
    ["const lanes: readonly string[] = [];"],
    ["const lanes: ReadonlyArray<string> = [];"],
    ["const lanes = ['architect', 'pm'] as const;"],
    ["const lanes = ['architect'] as const satisfies readonly string[];"],
    ["const lanes = Object.freeze(['architect']);"],
    ["const laneByName: ReadonlyMap<string, number> = new Map([['pm', 4]]);"],
    ["const names: ReadonlySet<string> = new Set();"],
    ["const limits: Limits = { children: 20 };"],
    ["const word = /a/; const isWord = (text: string) => word.test(text);"],
    ["const letters = /a/g; const strip = (text: string) => text.replaceAll(letters, '');"],
    ["function run() { let count = 0; const seen = new Map(); seen.set('a', count); count++; }"],
    ["class Counter { count = 0; static readonly zero = 0; readonly seen = new Map(); }"],
    ["const seen = 1; function run() { const seen = new Map(); seen.set('a', 1); }"],
    ["class Failure { readonly kind = 'fatal'; static readonly max = 1; } const fatal = new Failure();"],
    ["declare const brand: unique symbol; declare let global: number;"],
  ])("%s", (text) => {
    expect(describeViolations(findModuleState({ path: "a.ts", text }))).toBe("");
  });
});
