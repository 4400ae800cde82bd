import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/faults/fault.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Program, ProgramContext, ProgramStep } from "../../src/ports/program.ts";
import type { ExitStatus, Signal } from "../../src/ports/subprocess.ts";
import { runWorld, type WorldRun } from "./world-run.ts";

type Run = Generator<ProgramStep, number, string | undefined>;

function program(name: string, run: (context: ProgramContext) => Run, ignoresSignals = false): Program {
  return { name, run, ignoresSignals };
}

const programs: readonly Program[] = [
  program("greet", function* greet(context): Run {
    context.stdout("hel");
    yield { kind: "work", durationUs: 1_000 };
    context.stderr("warning");
    context.stdout("lo");
    return 3;
  }),
  program("upper", function* upper(context): Run {
    const input = yield { kind: "input" };
    context.stdout((input ?? "").toUpperCase());
    return 0;
  }),
  program("writer", function* writer(context): Run {
    yield { kind: "work", durationUs: 5_000_000 };
    context.files.write("/work/late.txt", "written late");
    return 0;
  }),
  program("forever", function* forever(): Run {
    yield { kind: "hang" };
    return 0;
  }),
  program(
    "deaf",
    function* deaf(): Run {
      yield { kind: "hang" };
      return 0;
    },
    true,
  ),
  program("lines", function* lines(context): Run {
    for (let line = yield { kind: "inputLine" }; line !== undefined; line = yield { kind: "inputLine" }) {
      context.stdout(`[${line}]`);
    }
    return 0;
  }),
  program("closer", function* closer(): Run {
    yield { kind: "closeInput" };
    yield { kind: "work", durationUs: 1_000_000 };
    return 0;
  }),
  program("victim", function* victim(context): Run {
    context.stdout("half a li");
    yield { kind: "die", signal: "SIGKILL" };
    context.stdout("ne");
    return 0;
  }),
  {
    ...program("polite", function* polite(): Run {
      yield { kind: "hang" };
      return 0;
    }),
    ignoresSignals: false,
    signals: { SIGTERM: { kind: "exit", exitCode: 143, stderr: "bye" }, SIGINT: { kind: "ignore" } },
  },
];

interface Seen {
  stdout: string;
  stderr: string;
  status: ExitStatus | undefined;
  atMs: number;
}

async function collect(ports: Ports, command: string, feed?: string, signals: readonly Signal[] = []) {
  const started = await ports.subprocess.spawn({ command, args: [], cwd: "/work" });
  if (started.kind !== "ok") return started;
  const child = started.value;
  const seen: Seen = { stdout: "", stderr: "", status: undefined, atMs: 0 };
  if (feed !== undefined) await child.write(feed);
  child.closeInput();
  for (const signal of signals) {
    await ports.clock.sleep(100, { key: signal });
    child.killGroup(signal);
  }
  for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
    seen[chunk.stream] += new TextDecoder().decode(chunk.bytes);
  }
  seen.status = await child.exited;
  seen.atMs = ports.clock.monotonicMs();
  return seen;
}

async function runMain(main: (ports: Ports) => Promise<void>, faults: readonly Fault[] = []): Promise<WorldRun> {
  return runWorld((world) => {
    world.host("server", { image: { folders: ["/work"], files: {} }, programs });
    world.process("parent", main);
  }, faults);
}

describe("output and exit", () => {
  test("output arrives in order with its stream, then the end, then the exit code", async () => {
    let seen: unknown;
    await runMain(async (ports) => {
      seen = await collect(ports, "greet");
    });
    expect(seen).toMatchObject({ stdout: "hello", stderr: "warning", status: { kind: "code", code: 3 } });
  });

  test("a program reads all of its input once it is closed", async () => {
    let seen: unknown;
    await runMain(async (ports) => {
      seen = await collect(ports, "upper", "text");
    });
    expect(seen).toMatchObject({ stdout: "TEXT", status: { kind: "code", code: 0 } });
  });

  test("signals end a program, but only SIGKILL ends a deaf one", async () => {
    const seen: unknown[] = [];
    await runMain(async (ports) => {
      seen.push(await collect(ports, "forever", undefined, ["SIGTERM"]));
      seen.push(await collect(ports, "deaf", undefined, ["SIGTERM", "SIGKILL"]));
    });
    expect(seen).toMatchObject([
      { status: { kind: "signal", signal: "SIGTERM" } },
      { status: { kind: "signal", signal: "SIGKILL" } },
    ]);
  });
});

describe("what a program does with its input and with signals", () => {
  test("it reads line by line while its input is open, and the rest at its end", async () => {
    const answers: string[] = [];
    await runMain(async (ports) => {
      const started = await ports.subprocess.spawn({ command: "lines", args: [], cwd: "/work" });
      if (started.kind !== "ok") return;
      const child = started.value;
      const readText = async (): Promise<string> => new TextDecoder().decode((await child.read())?.bytes);
      await child.write("one\ntw");
      answers.push(await readText());
      await child.write("o\n\nthree");
      answers.push((await readText()) + (await readText()));
      child.closeInput();
      answers.push(await readText());
      expect(await child.read()).toBeNull();
    });
    expect(answers).toEqual(["[one]", "[two][]", "[three]"]);
  });

  test("one that closed its input refuses what is written to it", async () => {
    const results: unknown[] = [];
    await runMain(async (ports) => {
      const started = await ports.subprocess.spawn({ command: "closer", args: [], cwd: "/work" });
      if (started.kind !== "ok") return;
      await ports.clock.sleep(100);
      results.push(await started.value.write("text"));
    });
    expect(results).toMatchObject([{ kind: "fail", error: { code: "EPIPE" } }]);
  });

  test("one that is struck by the machine ends by that signal and writes no more", async () => {
    let seen: unknown;
    await runMain(async (ports) => {
      seen = await collect(ports, "victim");
    });
    expect(seen).toMatchObject({ stdout: "half a li", status: { kind: "signal", signal: "SIGKILL" } });
  });

  test("a handler of signals has the last word, but not over SIGKILL", async () => {
    const seen: unknown[] = [];
    await runMain(async (ports) => {
      seen.push(await collect(ports, "polite", undefined, ["SIGINT", "SIGTERM"]));
      seen.push(await collect(ports, "polite", undefined, ["SIGINT", "SIGKILL"]));
    });
    expect(seen).toMatchObject([
      { stderr: "bye", status: { kind: "code", code: 143 } },
      { stderr: "", status: { kind: "signal", signal: "SIGKILL" } },
    ]);
  });
});

describe("refusals", () => {
  test.each([
    ["an unknown program", "nothing", "/work", [], "ENOENT"],
    ["a folder that does not exist", "greet", "/nowhere", [], "ENOENT"],
    ["an argument of 128 KiB", "greet", "/work", ["x".repeat(131_072)], "E2BIG"],
  ])("%s cannot be started", async (_what, command, cwd, args, code) => {
    let started: unknown;
    await runMain(async (ports) => {
      started = await ports.subprocess.spawn({ command, cwd, args });
    });
    expect(started).toMatchObject({ kind: "fail", error: { code } });
  });

  test("a fault at the spawn starts nothing", async () => {
    let started: unknown;
    const { world } = await runMain(
      async (ports) => {
        started = await ports.subprocess.spawn({ command: "greet", args: [], cwd: "/work" });
      },
      [{ kind: "spawn-fails", code: "EAGAIN", site: "parent@0/main/spawn.greet(/work)#0" }],
    );
    expect(started).toMatchObject({ kind: "fail", error: { code: "EAGAIN" } });
    expect(world.host().running.size).toBe(0);
  });
});

describe("orphans", () => {
  test("a program outlives its killed parent and goes on writing; the next life can end it by its group", async () => {
    const kill: Fault = {
      kind: "kill",
      when: "after",
      restartAfterMs: 1_000,
      site: "parent@0/main/spawn.writer(/work)#0",
    };
    let pid = 0;
    const main = async (ports: Ports, endIt: boolean): Promise<void> => {
      if (pid === 0) {
        pid = 1000;
        await ports.subprocess.spawn({ command: "writer", args: [], cwd: "/work" });
      } else if (endIt) {
        const ended = await ports.subprocess.killGroup(pid, "SIGKILL");
        expect(ended.kind).toBe("ok");
        expect(await ports.subprocess.killGroup(pid, "SIGKILL", { key: "again" })).toMatchObject({
          kind: "fail",
          error: { code: "ESRCH" },
        });
      }
    };
    const left = await runMain((ports) => main(ports, false), [kill]);
    expect(left.world.host().disk.readText("/work/late.txt")).toBe("written late");
    pid = 0;
    const ended = await runMain((ports) => main(ports, true), [kill]);
    expect(ended.world.host().disk.stat("/work/late.txt")).toBeNull();
  });

  test("a crash of the host ends every program and process on it", async () => {
    const crash: Fault = {
      kind: "host-crash",
      when: "after",
      restartAfterMs: 10_000,
      site: "parent@0/main/spawn.writer(/work)#0",
    };
    let lives = 0;
    const { world, history } = await runMain(
      async (ports) => {
        if (lives++ === 0) await ports.subprocess.spawn({ command: "writer", args: [], cwd: "/work" });
      },
      [crash],
    );
    expect(world.host().running.size).toBe(0);
    expect(world.host().disk.stat("/work/late.txt")).toBeNull();
    expect(history.events.filter((event) => event.kind === "process").map((event) => event.what)).toEqual([
      "start",
      "host-crash",
      "start",
      "finish",
    ]);
  });
});

describe("what a death leaves", () => {
  test("a program that reads its input sees its end when its parent dies", async () => {
    let lives = 0;
    const { world } = await runMain(
      async (ports) => {
        if (lives++ === 0) await ports.subprocess.spawn({ command: "upper", args: [], cwd: "/work" });
      },
      [{ kind: "kill", when: "after", restartAfterMs: 1_000, site: "parent@0/main/spawn.upper(/work)#0" }],
    );
    expect(lives).toBe(2);
    expect(world.host().running.size).toBe(0);
  });

  test.each([
    ["spawn.writer(/work)", (ports: Ports) => ports.subprocess.spawn({ command: "writer", args: [], cwd: "/work" })],
    ["disk.rename(/work/b)", (ports: Ports) => ports.files.rename("/work/a", "/work/b")],
  ])("what was under way when the host lost power has no effect afterwards: %s", async (call, act) => {
    let lives = 0;
    const { world } = await runMain(
      async (ports) => {
        if (lives++ > 0) return;
        await ports.files.write("/work/a", "x");
        await ports.files.sync("/work/a");
        await ports.files.sync("/work");
        await act(ports);
      },
      [{ kind: "host-crash", when: "during", restartAfterMs: 1_000, site: `parent@0/main/${call}#0` }],
    );
    expect(lives).toBe(2);
    expect(world.host().running.size).toBe(0);
    expect(
      world
        .host()
        .disk.list("/work")
        .map(({ name }) => name),
    ).toEqual(["a"]);
  });
});
