import { expect, onTestFinished, test, vi } from "vitest";
import { Stopwatch } from "../../../src/cli/live/stopwatch.ts";
import { PlainProgress } from "../../../src/cli/progress.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

test("where nobody watches, progress is a plain line every five seconds, until it is stopped", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let error = "";
  const host = {
    cwd: "/",
    writeOut: () => {},
    writeError: (text: string) => void (error += text),
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => new AbortController().signal,
    catalogueUrl: new URL("file:///none"),
  };
  const plan = { scenarios: 1, seeds: 100, durationMs: 0 };
  const progress = new PlainProgress(host, plan, new Stopwatch(() => performance.now()));
  progress.begin(toy("counter-racy"));
  progress.add(25, 500, 3, []);
  vi.advanceTimersByTime(4_999);
  expect(error).toBe("");
  vi.advanceTimersByTime(1);
  expect(error).toBe("counter-racy: 25/100 runs, 5 runs/s, 100 ops/s, ETA 15 s, 3 failed\n");
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(error.split("\n")).toHaveLength(2);
});
