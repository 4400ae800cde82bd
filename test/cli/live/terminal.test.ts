import { describe, expect, test } from "vitest";
import { holdTerminal, type Key } from "../../../src/cli/live/terminal.ts";
import { isWatched } from "../../../src/cli/live/process-terminal.ts";
import { FakeTerminal } from "./fake-terminal.ts";

function hold(fullScreen = false) {
  const terminal = new FakeTerminal();
  const keys: Key[] = [];
  let written = "";
  let resizes = 0;
  let resumptions = 0;
  const giveBack = holdTerminal({
    terminal,
    write: (text) => {
      written += text;
    },
    onKey: (key) => keys.push(key),
    onResized: () => void resizes++,
    onResumed: () => void resumptions++,
    fullScreen,
  });
  const takeWritten = (): string => {
    const text = written;
    written = "";
    return text;
  };
  return { terminal, keys, giveBack, takeWritten, resizes: () => resizes, resumptions: () => resumptions };
}

describe("a terminal that is held", () => {
  test("gives keys one at a time, by their names", async () => {
    const { terminal, keys } = hold();
    await terminal.type("p?N/ ");
    await terminal.type("\u001b[A");
    await terminal.type("\r");
    await terminal.type("\u0003");
    await terminal.type("é");
    expect(keys.map(({ name }) => name)).toEqual(["p", "?", "N", "/", "space", "up", "return", "ctrl-c", "é"]);
    expect(keys.map(({ text }) => text).join("")).toBe("p?N/ é");
  });

  test("is raw and has no cursor, and both are undone when it is given back, once", () => {
    const { terminal, giveBack, takeWritten } = hold();
    expect(terminal.isRaw).toBe(true);
    expect(takeWritten()).toBe("\u001b[?25l");
    giveBack();
    giveBack();
    expect(terminal.isRaw).toBe(false);
    expect(takeWritten()).toBe("\u001b[?25h");
  });

  test("is given back when the process ends without a word", () => {
    const { terminal, takeWritten } = hold(true);
    takeWritten();
    for (const listener of terminal.exitListeners) listener();
    expect(terminal.isRaw).toBe(false);
    expect(takeWritten()).toBe("\u001b[?7h\u001b[?1049l\u001b[?25h");
  });

  test("leaves nothing that listens, or keeps the process alive, behind", async () => {
    const { terminal, keys, giveBack } = hold();
    giveBack();
    expect([terminal.exitListeners.size, terminal.resizeListeners.size]).toEqual([0, 0]);
    expect((terminal.keyboard as unknown as { isPaused(): boolean }).isPaused()).toBe(true);
    await terminal.type("x");
    expect(keys).toEqual([]);
  });

  test("is given back while the process is suspended, and taken and drawn again after it", async () => {
    const { terminal, keys, resumptions } = hold();
    await terminal.type("\u001a");
    expect(terminal.isRaw).toBe(false);
    expect(resumptions()).toBe(0);
    terminal.suspensions[0]!();
    expect(terminal.isRaw).toBe(true);
    expect(resumptions()).toBe(1);
    expect(keys).toEqual([]);
  });

  test("says when its size has changed", () => {
    const { terminal, resizes } = hold();
    terminal.resize(40, 10);
    expect(resizes()).toBe(1);
  });
});

test("nobody looks at the terminal of a job of CI, or at one that cannot go back", () => {
  expect(isWatched({})).toBe(true);
  expect(isWatched({ CI: "", TERM: "xterm" })).toBe(true);
  expect(isWatched({ CI: "false" })).toBe(true);
  expect(isWatched({ CI: "true" })).toBe(false);
  expect(isWatched({ TERM: "dumb" })).toBe(false);
});
