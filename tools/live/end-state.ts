import type { LiveSystem } from "./live-system.ts";
import { readBoardState, servedBoard } from "./board-state.ts";
import { readWorkspaceState } from "./workspace-state.ts";

/** Name and value, in any order; a name that comes twice is there twice. */
export type StateEntries = readonly (readonly [name: string, value: string])[];

/** What a run left behind, in words that two runs can have in common: by name, sorted values. */
export type EndState = ReadonlyMap<string, readonly string[]>;

export async function readEndState(system: LiveSystem): Promise<EndState> {
  return stateOf([
    ...(await readBoardState(servedBoard(system.serving.ports.board))),
    ...(await readWorkspaceState(system.projectsFolder)),
  ]);
}

export function stateOf(entries: StateEntries): EndState {
  const state = new Map<string, string[]>();
  for (const [name, value] of entries) state.set(name, [...(state.get(name) ?? []), value].toSorted(inTextOrder));
  return state;
}

/** By code unit, the same everywhere. */
export function inTextOrder(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Each difference in one sentence; none when the two are equal. */
export function differences(expected: EndState, actual: EndState): readonly string[] {
  const names = [...new Set([...expected.keys(), ...actual.keys()])].toSorted(inTextOrder);
  return names.flatMap((name) => differencesAt(name, expected.get(name) ?? [], actual.get(name) ?? []));
}

function differencesAt(name: string, expected: readonly string[], actual: readonly string[]): readonly string[] {
  if (expected.length === actual.length && expected.every((value, index) => value === actual[index])) return [];
  if (actual.length === 0) return [`${name}: is missing`];
  if (expected.length === 0) return [`${name}: should not be there`];
  if (expected.length !== actual.length)
    return [`${name}: is there ${actual.length} times, not ${expected.length} times`];
  return expected.flatMap((value, index) => {
    const other = actual[index]!;
    return value === other ? [] : [`${name}: ${firstDifference(value, other)}`];
  });
}

/** The first line in which they differ, of both. */
function firstDifference(expected: string, actual: string): string {
  const [left, right] = [expected.split("\n"), actual.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  const line = at === -1 ? left.length : at;
  const shown = (lines: readonly string[]): string =>
    lines[line] === undefined ? "nothing" : JSON.stringify(lines[line].slice(0, 200));
  return `line ${line + 1} is ${shown(right)}, not ${shown(left)}`;
}
