import { expect, test } from "vitest";
import type { HistoryEvent, OpIdentity } from "../../../src/history/event.ts";
import { WritingModules } from "../../../src/review/coverage/written-effects.ts";

function op(id: number, name: string, key = "", process = "poller"): OpIdentity {
  return { id, site: `${process}/${name}`, process, incarnation: 1, taskName: "t", name, key, occurrence: 1 };
}

function change(of: OpIdentity | undefined, store: string, more: Readonly<Record<string, string>> = {}): HistoryEvent {
  return { kind: "change", atUs: 0, op: of, change: { store, type: "changed", ...more } };
}

/** Each operation is sent by the module of its own name. */
function writesOf(events: readonly HistoryEvent[], ...sent: readonly OpIdentity[]): Record<string, string[]> {
  let sender = "";
  const writing = new WritingModules(() => (sender === "" ? [] : [sender]));
  for (const each of sent) {
    sender = each.process.startsWith("program:") ? "" : `${each.name}.ts`;
    writing.observe({ kind: "sent", atUs: 0, op: each });
  }
  for (const event of events) writing.observe(event);
  return Object.fromEntries([...writing.finish()].map(([module, effects]) => [module, [...effects]]));
}

test("a module writes when an operation that it sent changed something", () => {
  const write = op(1, "board.moveTask");
  const read = op(2, "board.getTask");
  expect(writesOf([change(write, "board"), change(undefined, "board")], write, read)).toEqual({
    "board.moveTask.ts": ["board"],
  });
  expect(writesOf([change(op(3, "model.complete"), "model")], op(3, "model.complete"))).toEqual({});
});

test("files are claims or approvals by their paths, or by the keys of the operations", () => {
  const effectOf = (path: string, key = "") => writesOf([change(op(1, "w", key), "disk", { path })], op(1, "w", key));
  expect(effectOf("/srv/prd.json")).toEqual({ "w.ts": ["files"] });
  expect(effectOf("/srv/claims/EPIC-1/3")).toEqual({ "w.ts": ["claims"] });
  expect(effectOf("/srv/tmp/x", "claim:EPIC-1")).toEqual({ "w.ts": ["claims"] });
  expect(effectOf("/srv/work/.state/ratchet.json")).toEqual({ "w.ts": ["approvals"] });
  expect(effectOf("/srv/tmp/ratchet.g3", "epic-1/ratchet")).toEqual({ "w.ts": ["approvals"] });
  expect(effectOf("/srv/tmp/x", "epic-1/approvals/DESIGN.md")).toEqual({ "w.ts": ["approvals"] });
  const renamed = change(op(1, "w"), "disk", { from: "/srv/tmp", to: "/srv/approvals/a" });
  expect(writesOf([renamed], op(1, "w"))).toEqual({ "w.ts": ["approvals"] });
});

test("a program is a write of who starts it, but git when it only reads", () => {
  const programs = ["git", "codex"].map((name, index) =>
    change(op(90 + index, "run", "", `program:${name}`), "program"),
  );
  const names = ["git.commit", "git.status", "git.commit.read", "codex.exec", "codex.exec.read", "board.exec"];
  const sent = names.map((name, index) => op(index, name));
  expect(writesOf(programs, ...sent)).toEqual({
    "git.commit.ts": ["git"],
    "codex.exec.ts": ["programs"],
  });
});
