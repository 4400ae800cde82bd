import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { filesBelow, temporaryFolder } from "../run-command.ts";
import { FakeTerminal } from "./fake-terminal.ts";

/** A command that somebody watches at a terminal. */
function watched(args: readonly string[]) {
  const terminal = new FakeTerminal();
  const cwd = temporaryFolder();
  let error = "";
  let out = "";
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  const end = main([...args, "--workers", "0"], {
    cwd,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
      for (const each of waiting) if (error.includes(each.text)) each.resolve();
    },
    outIsTerminal: false,
    errorIsTerminal: true,
    terminal,
    takeInterruptions: () => new AbortController().signal,
    catalogueUrl: new URL("../../campaign/toy-scenarios.ts", import.meta.url),
  });
  /** What was drawn before does not count. */
  const sees = (text: string): Promise<void> => {
    error = "";
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ text, resolve });
    return promise;
  };
  return { terminal, cwd, sees, end, error: () => error, out: () => out };
}

describe.each([["run"], ["campaign"]])("%s at a terminal", (command) => {
  test("can be held, and be stopped with a valid report and 130; the terminal is as it was", async () => {
    const { terminal, sees, end, out } = watched([command, "counter-locked", "--for", "1h", "--json"]);
    await sees("exploring");
    const paused = sees("PAUSED");
    await terminal.type("p");
    await paused;
    const goesOn = sees("exploring");
    await terminal.type("p");
    await goesOn;
    await terminal.type("s");
    expect(await end).toBe(130);
    const document = JSON.parse(out()) as { interrupted: boolean; seeds: { run: number } };
    expect(document.interrupted).toBe(true);
    expect(document.seeds.run).toBeGreaterThan(0);
    expect(terminal.isRaw).toBe(false);
    expect(terminal.exitListeners.size).toBe(0);
  });

  test("shows a failure when it comes, and tells it when it is asked to", async () => {
    const { terminal, sees, end, out, error } = watched([command, "counter-racy", "--for", "1h", "--failures", "2"]);
    await sees("FAILED  counter-racy, seed");
    const told = sees("replay: ");
    await terminal.type("o");
    await told;
    expect(stripVTControlCharacters(error())).toMatch(/replay: .*counter-racy-\d+\.json/);
    await terminal.type("q");
    expect(await end).toBe(130);
    expect(out()).toContain("interrupted: this is what was done");
  });
});

test("Ctrl-C does what it does where nobody reads keys", async () => {
  const { terminal, sees, end } = watched(["run", "counter-locked", "--for", "1h"]);
  await sees("exploring");
  await terminal.type("\u0003");
  expect(terminal.interruptions).toBe(1);
  await terminal.type("s");
  await end;
});

test("a failure whose file was damaged meanwhile is told as that, and the campaign goes on", async () => {
  const { terminal, cwd, sees, end } = watched(["run", "counter-racy", "--for", "1h", "--failures", "2"]);
  await sees("FAILED  counter-racy, seed");
  const [file = ""] = filesBelow(join(cwd, "reports/out"));
  writeFileSync(join(cwd, "reports/out", file), "{");
  const told = sees("The last failure cannot be told: ");
  await terminal.type("o");
  await told;
  await sees(" runs in ");
  await terminal.type("s");
  expect(await end).toBe(130);
});

test("the table at the end leaves out columns rather than be wider than the terminal", async () => {
  for (const columns of [70, 200]) {
    const { terminal, end, out } = watched(["run", "--seeds", "4"]);
    terminal.columns = columns;
    await end;
    const [titles = ""] = /^scenario .*$/m.exec(out()) ?? [];
    expect(titles.length).toBeLessThanOrEqual(columns);
    expect(titles.includes("virtual time")).toBe(columns === 200);
    for (const title of ["runs", "failed", "sometimes", "invariants"]) expect(titles).toContain(title);
  }
});
