import { beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "../../../src/faults/fault.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { runProgram, type ProgramCall, type ProgramOutcome } from "../../../src/orchestrator/process/run-program.ts";
import type { Answer } from "../../../src/orchestrator/answer.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import type { ChildProcess, SubprocessPort } from "../../../src/ports/subprocess.ts";
import { runWorld } from "../../sim/world-run.ts";

beforeAll(() => installGuards());

type Work = Generator<ProgramStep, number, string | undefined>;

const second = 1_000_000;

const programs: readonly Program[] = [
  {
    name: "greet",
    *run(context: ProgramContext): Work {
      const input = yield { kind: "input" };
      context.stdout(`hello ${input}`);
      context.stderr("warned");
      return 3;
    },
  },
  {
    name: "polite",
    signals: { SIGTERM: { kind: "exit", exitCode: 0, stdout: ", bye" } },
    *run(context: ProgramContext): Work {
      context.stdout("half");
      yield { kind: "hang" };
      return 0;
    },
  },
  {
    name: "deaf",
    ignoresSignals: true,
    *run(context: ProgramContext): Work {
      context.stdout("half");
      yield { kind: "work", durationUs: 60 * second };
      context.files.write("/work/late.txt", "late");
      return 0;
    },
  },
  {
    name: "leaves",
    ignoresSignals: true,
    *run(context: ProgramContext): Work {
      context.stdout("done");
      yield { kind: "leave", exitCode: 0, holdsPipes: context.args[0] === "pipes" };
      yield { kind: "work", durationUs: 60 * second };
      context.files.write("/work/late.txt", "late");
      return 0;
    },
  },
  {
    name: "closes-its-pipes",
    *run(context: ProgramContext): Work {
      yield { kind: "closeInput" };
      context.stdout("said");
      yield { kind: "work", durationUs: 3 * second };
      return 4;
    },
  },
  {
    name: "floods",
    *run(context: ProgramContext): Work {
      for (let line = 0; line < 1_000_000; line++) {
        context.stdout("0123456789");
        yield { kind: "work", durationUs: second / 100 };
      }
      return 0;
    },
  },
  {
    name: "says",
    *run(context: ProgramContext): Work {
      context.stdout(context.args[0]!);
      context.stderr(context.args[1]!);
      yield { kind: "work", durationUs: 1 };
      return 0;
    },
  },
];

interface Told {
  readonly answer: Answer<ProgramOutcome>;
  readonly elapsedMs: number;
  /** What `onLife` heard. */
  readonly life: readonly string[];
  readonly events: readonly string[];
  readonly started: number;
  /** Programs that live when the answer is there, and files that are written later all the same. */
  readonly left: number;
  readonly files: readonly string[];
}

type Wrap = (subprocess: SubprocessPort, ports: Ports) => SubprocessPort;

interface Surroundings {
  readonly wrap?: Wrap;
  readonly abortAfterMs?: number;
  /** What `onLife` answers. */
  readonly recorded?: boolean;
  readonly faults?: readonly Fault[];
}

async function told(call: Partial<ProgramCall>, surroundings: Surroundings = {}): Promise<Told> {
  let result: { answer: Answer<ProgramOutcome>; elapsedMs: number; left: number } | undefined;
  const life: string[] = [];
  const run = await runWorld((world) => {
    const host = world.host("server", { image: { folders: ["/work"], files: {} }, programs });
    world.process("core", async (ports) => {
      const aborting = new AbortController();
      const { abortAfterMs, recorded = true, wrap } = surroundings;
      if (abortAfterMs === 0) aborting.abort("over");
      else if (abortAfterMs !== undefined) {
        void ports
          .fork("owner")
          .clock.sleep(abortAfterMs, { key: "abort" })
          .then(() => aborting.abort("over"));
      }
      const startMs = ports.clock.monotonicMs();
      const answer = await runProgram(wrap === undefined ? ports : withSubprocess(ports, wrap), {
        name: "tool",
        key: "C1",
        command: "greet",
        args: [],
        cwd: "/work",
        timeLimitMs: 10_000,
        outputBytesMax: 100,
        signal: aborting.signal,
        onLife: (_, what) => {
          life.push(what);
          return Promise.resolve(recorded);
        },
        ...call,
      });
      await ports.clock.sleep(1, { key: "signals land" });
      result = { answer, elapsedMs: ports.clock.monotonicMs() - startMs, left: host.running.size };
      await ports.clock.sleep(120_000, { key: "later" });
    });
  }, surroundings.faults);
  const { disk } = run.world.hostOfProcess(run.world.kernel.processes.get("core")!);
  return {
    ...result!,
    life,
    events: run.history.events.flatMap((event) => (event.kind === "note" ? [event.name] : [])),
    started: run.history.events.filter((event) => event.kind === "change" && event.change.type === "program.started")
      .length,
    files: disk.snapshot().flatMap(({ kind, path }) => (kind === "file" && path.startsWith("/work/") ? [path] : [])),
  };
}

function withSubprocess(ports: Ports, wrap: Wrap): Ports {
  return {
    clock: ports.clock,
    random: ports.random,
    http: ports.http,
    files: ports.files,
    log: ports.log,
    subprocess: wrap(ports.subprocess, ports),
    fork: (name) => withSubprocess(ports.fork(name), wrap),
  };
}

/** Children whose members are replaced. */
function withChildren(change: (child: ChildProcess, ports: Ports) => Partial<ChildProcess>): Wrap {
  return (subprocess, ports) => ({
    killGroup: (...args) => subprocess.killGroup(...args),
    spawn: async (request) => {
      const spawned = await subprocess.spawn(request);
      if (spawned.kind !== "ok") return spawned;
      const child = spawned.value;
      const whole: ChildProcess = {
        pid: child.pid,
        exited: child.exited,
        read: () => child.read(),
        write: (content) => child.write(content),
        closeInput: () => child.closeInput(),
        closeOutput: () => child.closeOutput(),
        kill: (signal) => child.kill(signal),
        killGroup: (signal) => child.killGroup(signal),
      };
      return { kind: "ok", value: { ...whole, ...change(child, ports) } };
    },
  });
}

describe("the outcome", () => {
  test("is exit code and both streams; the input is closed behind its last byte", async () => {
    const { answer, life } = await told({ input: "you" });
    expect(answer).toEqual({
      kind: "ok",
      value: { end: { kind: "code", code: 3 }, stdout: "hello you", stderr: "warned", truncated: false },
    });
    expect(life).toEqual(["started", "ended"]);
  });

  test("waits for a program that closes its pipes and lives on", async () => {
    const { answer, elapsedMs } = await told({ command: "closes-its-pipes", input: "x".repeat(1_000) });
    expect(answer).toMatchObject({ value: { end: { kind: "code", code: 4 }, stdout: "said" } });
    expect(elapsedMs).toBeGreaterThanOrEqual(3_000);
  });

  test("keeps each stream up to its limit, to the byte, and says when there was more", async () => {
    const exact = await told({ command: "says", args: ["a".repeat(100), "b".repeat(100)] });
    expect(exact.answer).toMatchObject({
      value: { stdout: "a".repeat(100), stderr: "b".repeat(100), truncated: false },
    });
    const over = await told({ command: "says", args: ["a", "b".repeat(101)] });
    expect(over.answer).toMatchObject({ value: { stdout: "a", stderr: "b".repeat(100), truncated: true } });
  });
});

describe("a program that does not end", () => {
  test("is asked to, and what it says until then is kept", async () => {
    const { answer, elapsedMs, left } = await told({ command: "polite" });
    expect(answer).toMatchObject({ value: { end: { kind: "timedOut" }, stdout: "half, bye" } });
    expect(elapsedMs).toBeLessThan(11_000);
    expect(left).toBe(0);
  });

  test("and does not listen is ended", async () => {
    const { answer, files, left, life } = await told({ command: "deaf" });
    expect(answer).toMatchObject({ value: { end: { kind: "timedOut" }, stdout: "half" } });
    expect([files, left, life]).toEqual([[], 0, ["started", "ended"]]);
  });

  test("is ended early when nobody wants it any more, and not even started when that is known", async () => {
    const during = await told({ command: "polite" }, { abortAfterMs: 500 });
    expect(during.answer).toMatchObject({ value: { end: { kind: "aborted" }, stdout: "half, bye" } });
    expect(during.elapsedMs).toBeLessThan(2_000);
    const before = await told({ command: "polite" }, { abortAfterMs: 0 });
    expect(before.answer).toMatchObject({ kind: "fail" });
    expect([before.started, before.life]).toEqual([0, []]);
  });

  test("is struck again when a signal was lost", async () => {
    let lost = 2;
    const wrap = withChildren((child) => ({
      killGroup: (signal) => (lost-- > 0 ? undefined : child.killGroup(signal)),
    }));
    const { answer, left, life } = await told({ command: "deaf" }, { wrap });
    expect(answer).toMatchObject({ kind: "ok", value: { end: { kind: "timedOut" } } });
    expect([left, life]).toEqual([0, ["started", "ended"]]);
  });

  test("whatever is done stays on record, so that somebody ends it later, and nothing is claimed of its effects", async () => {
    const wrap = withChildren(() => ({ killGroup: () => undefined }));
    const { answer, life, left } = await told({ command: "deaf" }, { wrap });
    expect(answer).toMatchObject({ kind: "unknown" });
    expect([life, left]).toEqual([["started"], 1]);
  });

  test("but writes without end is ended long before its time, and the log tells", async () => {
    const { answer, elapsedMs, events, left } = await told({ command: "floods", timeLimitMs: 600_000 });
    expect(answer).toMatchObject({
      kind: "ok",
      value: { end: { kind: "signal", signal: "SIGKILL" }, stdout: "0123456789".repeat(10), truncated: true },
    });
    expect(elapsedMs).toBeLessThan(60_000);
    expect(events).toEqual(["program.flooded"]);
    expect(left).toBe(0);
  });
});

describe("what a program leaves behind", () => {
  test.each(["pipes", "nothing"])("is gone before its result is judged, whether or not it holds %s", async (what) => {
    const { answer, files, left, life, elapsedMs } = await told({ command: "leaves", args: [what] });
    expect(answer).toMatchObject({ value: { end: { kind: "code", code: 0 }, stdout: "done", truncated: false } });
    expect([files, left, life]).toEqual([[], 0, ["started", "ended"]]);
    expect(elapsedMs).toBeLessThan(2_000);
  });

  test("in a group of its own holds nobody up, and is not read any further", async () => {
    let isGivenUp = false;
    const wrap = withChildren((child, ports) => {
      const helper = ports.fork("helper");
      return {
        read: async () => {
          const chunk = await child.read();
          if (chunk !== null) return chunk;
          await helper.clock.sleep(1_500, { key: "says something" });
          return isGivenUp ? null : { stream: "stdout", bytes: new TextEncoder().encode("!") };
        },
        closeOutput: () => {
          isGivenUp = true;
        },
      };
    });
    const { answer, elapsedMs } = await told({}, { wrap });
    expect(answer).toMatchObject({ value: { end: { kind: "code", code: 3 }, stdout: "hello !!", truncated: true } });
    expect(elapsedMs).toBeLessThan(6_000);
    expect(isGivenUp).toBe(true);
  });
});

describe("a start", () => {
  test("that fails has no effect", async () => {
    const fault: Fault = { site: "core@0/main/tool(C1)#0", kind: "spawn-fails", code: "EAGAIN" };
    const { answer, life } = await told({}, { faults: [fault] });
    expect(answer).toEqual({ kind: "fail", reason: "greet could not be started: EAGAIN" });
    expect(life).toEqual([]);
  });

  test("whose answer is lost may have had one", async () => {
    const wrap = (subprocess: SubprocessPort): SubprocessPort => ({
      killGroup: (...args) => subprocess.killGroup(...args),
      spawn: async (request) => {
        await subprocess.spawn(request);
        return { kind: "unknown", error: { code: "ETIMEDOUT", message: "lost" } };
      },
    });
    expect((await told({}, { wrap })).answer).toMatchObject({ kind: "unknown" });
  });

  test("that nobody could write down is ended at once, and may have had one", async () => {
    const { answer, left, life, files } = await told({ command: "deaf" }, { recorded: false });
    expect(answer).toMatchObject({ kind: "unknown" });
    expect([left, life, files]).toEqual([0, ["started", "ended"], []]);
  });
});
