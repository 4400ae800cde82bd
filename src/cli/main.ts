import type { FidelityFlags } from "./fidelity/fidelity-settings.ts";
import type { LiveFlags } from "./live-processes/live-settings.ts";
import type { MergeFlags } from "./merge-command.ts";
import type { WorkerFlags } from "./worker-command.ts";
import type { ImportFlags } from "./import/import-settings.ts";
import type { InitFlags } from "./init/init-command.ts";
import type { ShrinkFlags } from "./shrink-command.ts";
import type { MutantsFlags } from "./mutants-command-settings.ts";
import type { DoctorFlags } from "./doctor/doctor.ts";
import type { BenchFlags } from "./bench/bench.ts";
import type { LimitsFlags } from "./limits/limits-settings.ts";
import type { ProfileFlags } from "./profile-command.ts";
import type { UiFlags } from "./ui/ui-command.ts";
import { strategyNames } from "../explore/explorer.ts";
import { Command, CommanderError, Option } from "commander";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { ownVersion } from "./own-package.ts";
import { processHost } from "./process-host.ts";
import { withSystem, type SystemFlag } from "./system/system-url.ts";
import { UsageError } from "./usage-error.ts";
import { MissingPeer, withPeers } from "../peers/with-peers.ts";

/** Runs the command line of this process and sets its exit code. */
export async function runInProcess(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), processHost());
}

/** @returns the exit code */
export async function main(args: readonly string[], host: Host): Promise<number> {
  let exitCode: number = exitCodes.held;
  const program = createProgram(host, (code) => {
    exitCode = code;
  });
  if (args.length === 0) {
    host.writeOut(program.helpInformation());
    return exitCode;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // A group of commands without a command prints its help, as this program does.
    const isHelp = error instanceof CommanderError && (error.exitCode === 0 || error.code === "commander.help");
    if (isHelp) return exitCodes.held;
    if (error instanceof CommanderError) return refuse(host, fromCommander(error));
    if (error instanceof UsageError || error instanceof MissingPeer) return refuse(host, error.message);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.writeError(`stormlane: our own code failed: please report this\n${stack}\n`);
    return exitCodes.broken;
  }
}

/** All commands. `end` gets the exit code of the one that ran. */
export function createProgram(host: Host, end: (exitCode: number) => void): Command {
  const program = new Command("stormlane")
    .description("Deterministic simulation and fault injection for agent orchestrators that work a ticket board.")
    .version(ownVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: host.writeOut, writeErr: host.writeError, outputError: () => {} });
  addInit(program, host, end);
  addRun(program, host, end);
  addLive(program, host, end);
  addFidelity(program, host, end);
  addCampaign(program, host, end);
  addUi(program, host, end);
  addMerge(program, host, end);
  addWorker(program, host, end);
  addReplay(program, host, end);
  addShrink(program, host, end);
  addSchema(program, host, end);
  addMutants(program, host, end);
  addReview(program, host, end);
  addServe(program, host, end);
  addProfile(program, host, end);
  addImport(program, host, end);
  addLimits(program, host, end);
  addDoctor(program, host, end);
  addBench(program, host, end);
  const fakes = program.command("fakes").description("The fakes for real clients: over HTTP, or as executables.");
  addFakesServe(fakes, host, end);
  addFakesInstall(fakes, host, end);
  const conformance = program.command("conformance").description("Recordings of a real Kanboard against any server.");
  addConformanceKanboard(conformance, host, end);
  addConformanceRecord(conformance, host, end);
  addConformanceDiff(conformance, host, end);
  addWorkPackage(program, host, end);
  return program;
}

function addInit(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("init")
    .description("Begin a project: a scenario with a planted mistake, a test, a config and a workflow.")
    .argument("[folder]", "where (default: here)")
    .addOption(new Option("--yes", "ask nothing"))
    .addOption(new Option("--kind <name>", "how your orchestrator is reached: ports, or http (default: ports)"))
    .addOption(new Option("--no-ci", "without a workflow for GitHub Actions"))
    .allowExcessArguments(false)
    .action(async (folder: string | undefined, flags: InitFlags) => {
      const { init } = await import("./init/init-command.ts");
      end(await init(folder, flags, host));
    });
}

function addRun(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("run")
    .description(
      "Run scenarios over seeds. Without arguments: those of your project, or all built-in ones; 2,000 seeds in total.",
    )
    .argument("[scenario...]", "names of scenarios")
    .addOption(new Option("--seeds <n>", "seeds in total, split evenly over the scenarios (default: 2000)"))
    .addOption(new Option("--for <duration>", "run for a time instead, as 60s or 5m"))
    .addOption(new Option("--seed <s>", "run exactly this seed"))
    .addOption(new Option("--first-seed <s>", "begin with this seed (default: 1)"))
    .addOption(new Option("--strategy <name>", `${strategyNames.join(", ")}, exhaustive`).default("portfolio"))
    .addOption(new Option("--reversals <k>", "with exhaustive: reverse so many races at most"))
    .addOption(new Option("--runs-max <n>", "with exhaustive: most schedules of a scenario (default: 100000)"))
    .addOption(new Option("--reduction <name>", "with exhaustive: source-sets or none (default: source-sets)"))
    .addOption(new Option("--faults <n>", "with exhaustive: 0 leaves out the one kill that a scenario allows"))
    .addOption(new Option("--workers <n>", "threads; 0 runs in this one (default: 2)"))
    .addOption(new Option("--shard <i/n>", "run the i-th of n parts of the seeds; auto: as the scheduler of jobs says"))
    .addOption(systemOption())
    .addOption(new Option("--epic <file>", "a prd file as workload"))
    .addOption(new Option("--mutant <id>", "put a known bug into the system"))
    .addOption(budgetOption())
    .addOption(new Option("--failures <n>", "stop a scenario after so many distinct failures").default("1"))
    .addOption(new Option("--double-runs <share>", "share of the runs that are run twice and compared").default("1%"))
    .addOption(new Option("--out <folder>", "where repro files go (default: reports/out)"))
    .addOption(new Option("--no-explain", "tell failures without looking into why they fail"))
    .addOption(new Option("--reporter <names>", "junit, ctrf, markdown, each with =<file> if need be; github"))
    .addOption(new Option("--watch", "run again what a change touches, kept failures first"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (names: string[], flags: Record<string, string>) => {
      const { run } = await import("./run.ts");
      end(await run(names, flags, withSystem(host, flags["system"])));
    });
}

/** May be given several times. */
function budgetOption(): Option {
  return new Option(
    "--budget <name=value>",
    "what runs must stay within, as commentsPerCard=20; default: generous ones",
  ).argParser<string | undefined>((given, before) => (before === undefined ? given : `${before},${given}`));
}

/** Of each command that runs simulations of what is under test. */
function systemOption(): Option {
  return new Option(
    "--system <file>",
    "your own orchestrator, unmodified: a file that starts it, or a JSON file of its processes",
  );
}

function addLive(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("live")
    .description("Run real processes, in any language, against the fakes, in orders that are chosen.")
    .addOption(new Option("--config <file>", "what to start, and what must never happen (default: live.config.ts)"))
    .addOption(new Option("--runs <n>", "how many, until one fails (default: 50)"))
    .addOption(new Option("--for <duration>", "run for a time instead, as 5m"))
    .addOption(new Option("--first-seed <s>", "begin with this seed (default: 1)"))
    .addOption(new Option("--faults <n>", "most troubles in one run; 0 for none (default: 2)"))
    .addOption(new Option("--plain", "hold nothing: count what repetition alone finds"))
    .addOption(new Option("--replay <file>", "run a counterexample again"))
    .addOption(new Option("--times <n>", "how often a counterexample is run again (default: 10)"))
    .addOption(new Option("--out <folder>", "where repro files go (default: reports/out)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (flags: LiveFlags) => {
      const { live } = await import("./live-processes/live-command.ts");
      end(await live(flags, host));
    });
}

function addFidelity(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("fidelity")
    .description("Run one case in simulation, in process over sockets, and with real processes, and tell what differs.")
    .addOption(systemOption())
    .addOption(
      new Option("--seed <s>", "the case of this seed (default: the first with which the system does something)"),
    )
    .addOption(new Option("--for <duration>", "how long the real runs take (default: 20s)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (flags: FidelityFlags) => {
      const { fidelity } = await import("./fidelity/fidelity-command.ts");
      end(await fidelity(flags, host));
    });
}

function addCampaign(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("campaign")
    .description("Run many seeds, in as many sittings as it takes: what a ledger has is not run again.")
    .argument("[scenario...]", "names of scenarios (default: those of your project, or all built-in ones)")
    .addOption(new Option("--ledger <file>", "where runs and failures are kept (default: reports/out/campaign.sqlite)"))
    .addOption(new Option("--seeds <n>", "seeds of the whole campaign, recorded ones included (default: 2000)"))
    .addOption(new Option("--for <duration>", "run for a time instead, as 10m or 8h"))
    .addOption(new Option("--first-seed <s>", "begin with this seed (default: 1)"))
    .addOption(new Option("--strategy <name>", strategyNames.join(", ")).default("portfolio"))
    .addOption(new Option("--workers <n>", "threads; 0 runs in this one (default: 2)"))
    .addOption(
      new Option("--engine <name>", "who computes: threads, or the workers of redis://host:port/prefix").default(
        "threads",
      ),
    )
    .addOption(new Option("--shard <i/n>", "run the i-th of n parts of the seeds; auto: as the scheduler of jobs says"))
    .addOption(new Option("--blob <file>", "write what this shard came to, for merge"))
    .addOption(systemOption())
    .addOption(new Option("--epic <file>", "a prd file as workload"))
    .addOption(new Option("--mutant <id>", "put a known bug into the system"))
    .addOption(budgetOption())
    .addOption(new Option("--failures <n>", "stop a scenario after so many distinct failures (default: 1000)"))
    .addOption(new Option("--double-runs <share>", "share of the runs that are run twice and compared").default("1%"))
    .addOption(new Option("--out <folder>", "where repro files go (default: reports/out)"))
    .addOption(new Option("--no-explain", "tell failures without looking into why they fail"))
    .addOption(new Option("--reporter <names>", "junit, ctrf, markdown, each with =<file> if need be; github"))
    .addOption(new Option("--report", "run nothing: tell what the ledger has"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (names: string[], flags: Record<string, string>) => {
      const { campaign } = await import("./campaign-command.ts");
      end(await campaign(names, flags, withSystem(host, flags["system"])));
    });
}

function addUi(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("ui")
    .description("Show what a campaign's ledger has, on a local page that follows it, or in a file.")
    .addOption(new Option("--ledger <file>", "what campaign wrote (default: reports/out/campaign.sqlite)"))
    .addOption(new Option("--port <n>", "of 127.0.0.1, where the page is served; 0 takes any free one (default: 0)"))
    .addOption(new Option("--html <file>", "write the page there, and a viewer of each failure beside it, and end"))
    .addOption(
      new Option("--mutants <file>", "what mutants --json printed (default: reports/out/mutants.json, if there)"),
    )
    .addOption(new Option("--profile <file>", "what profile --json printed"))
    .addOption(systemOption())
    .addOption(new Option("--json", "print the document of the page on standard output, and end"))
    .allowExcessArguments(false)
    .action(async (flags: UiFlags & SystemFlag) => {
      const { ui } = await import("./ui/ui-command.ts");
      end(await ui(flags, withSystem(host, flags.system)));
    });
}

function addMerge(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("merge")
    .description("Put the shards of a campaign together: one report, and one exit code.")
    .argument("<blob...>", "what campaign --blob wrote")
    .addOption(systemOption())
    .addOption(new Option("--out <folder>", "where repro files go (default: reports/out)"))
    .addOption(new Option("--no-explain", "tell failures without looking into why they fail"))
    .addOption(new Option("--reporter <names>", "junit, ctrf, markdown, each with =<file> if need be; github"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .action(async (files: string[], flags: MergeFlags & SystemFlag) => {
      const { merge } = await import("./merge-command.ts");
      end(await merge(files, flags, withSystem(host, flags.system)));
    });
}

function addWorker(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("worker")
    .description("Compute for campaigns on other machines, until interrupted.")
    .argument("<address>", "of their queue, as redis://host:6379/prefix")
    .addOption(systemOption())
    .addOption(new Option("--threads <n>", "how many chunks at a time (default: 2)"))
    .addOption(new Option("--idle <duration>", "end after so long without a campaign"))
    .addOption(
      new Option("--lock <duration>", "how long it may be silent before others take its chunks (default: 15s)"),
    )
    .addOption(new Option("--json", "print one JSON document at the end"))
    .allowExcessArguments(false)
    .action(async (address: string, flags: WorkerFlags & SystemFlag) => {
      const load = () => import("./worker-command.ts");
      const { work } = await withPeers("stormlane worker", ["bullmq", "ioredis"], load);
      end(await work(address, flags, withSystem(host, flags.system)));
    });
}

function addSchema(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("schema")
    .description(
      "Print the JSON Schema of a document that --json prints, or of a file; without a name, which there are.",
    )
    .argument("[name]", "as run")
    .allowExcessArguments(false)
    .action(async (name: string | undefined) => {
      const { printSchema } = await import("./schema-command.ts");
      end(printSchema(name, host));
    });
}

function addReplay(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("replay")
    .description("Replay a repro file, or a seed of a scenario, exactly, and tell it as a story.")
    .argument("<target>", "a repro file, or scenario:seed")
    .addOption(systemOption())
    .addOption(new Option("--until <event>", "stop at this event"))
    .addOption(new Option("--show <views>", "board, files, processes: their state at the end, or at --until"))
    .addOption(new Option("--trace", "print every event"))
    .addOption(new Option("--step", "walk the run in the terminal, both ways, with the panels of --show"))
    .addOption(new Option("--explain", "say what of the case is necessary, and when the run was lost"))
    .addOption(new Option("--strategy <name>", "what the seed stands for").default("portfolio"))
    .addOption(new Option("--mutant <id>", "the mutant that the seed ran with"))
    .addOption(new Option("--epic <file>", "the epic that the seed ran with"))
    .addOption(budgetOption())
    .addOption(new Option("--journal <file>", "write the whole run there, as JSON lines"))
    .addOption(new Option("--chrome-trace <file>", "write the whole run there, as a trace for Perfetto"))
    .addOption(new Option("--otlp <file>", "write the whole run there, as OpenTelemetry spans in JSON"))
    .addOption(new Option("--html [file]", "write a page there that steps through the run (default: in reports/out)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (target: string, flags: Record<string, string>) => {
      const { replay } = await import("./replay.ts");
      end(await replay(target, flags, withSystem(host, flags["system"])));
    });
}

function addShrink(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("shrink")
    .description("Make a counterexample smaller: fewer faults, preemptions and delays, and a smaller workload.")
    .argument("<file>", "a repro file")
    .addOption(systemOption())
    .addOption(new Option("--out <file>", "where the smaller one goes (default: in place of the file)"))
    .addOption(new Option("--executions <n>", "how many runs it may take (default: 1000)"))
    .addOption(new Option("--cpu <duration>", "how much CPU time it may take (default: 60s)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (target: string, flags: ShrinkFlags & SystemFlag) => {
      const { shrink } = await import("./shrink-command.ts");
      end(await shrink(target, flags, withSystem(host, flags.system)));
    });
}

function addMutants(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("mutants")
    .description("Tell how fast which strategy finds which known bug. Without arguments: the whole catalogue.")
    .argument("[id...]", "ids of mutants")
    .addOption(new Option("--strategy <names>", `${strategyNames.join(", ")}: some of them (default: portfolio)`))
    .addOption(new Option("--trials <n>", "campaigns for each mutant and strategy (default: 5)"))
    .addOption(new Option("--runs-max <n>", "a trial gives up after so many runs (default: 20000)"))
    .addOption(new Option("--cpu-seconds <n>", "or after so much CPU time (default: 30)"))
    .addOption(new Option("--workers <n>", "threads; one trial each at a time (default: 2)"))
    .addOption(new Option("--corpus <folder>", "where the smallest known cases are (default: reports/corpus)"))
    .addOption(new Option("--markdown <file>", "write the tables there, too"))
    .addOption(new Option("--record <file>", "keep each trial there, and take up what stands there already"))
    .addOption(new Option("--peers", "side by side with other ways to test, in the project's clone"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (ids: string[], flags: MutantsFlags) => {
      const { mutants } = await import("./mutants-command.ts");
      end(await mutants(ids, flags, host));
    });
}

function addReview(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("review")
    .description(
      "The release brief: ready or not, and the evidence for every sentence of it. Exit code 1 is not ready.",
    )
    .argument("[scenario...]", "names of scenarios (default: those of your project, or all built-in ones)")
    .addOption(new Option("--seeds <n>", "seeds in total, split evenly over the scenarios (default: 2000)"))
    .addOption(new Option("--first-seed <s>", "begin with this seed (default: 1)"))
    .addOption(new Option("--strategy <name>", `${strategyNames.join(", ")} (default: portfolio)`))
    .addOption(new Option("--sweep <n>", "further runs with one fault each, at steps that the campaign has not struck"))
    .addOption(new Option("--proof-runs <n>", "most schedules of a small scenario (default: 20000)"))
    .addOption(new Option("--recorded <n>", "runs of each scenario whose histories are read for habits (default: 8)"))
    .addOption(budgetOption())
    .addOption(new Option("--with <parts>", "what is left out unless asked for: limits"))
    .addOption(
      new Option("--without <parts>", "what to leave out: proofs, kept, foot-guns, budgets, degraded, modules"),
    )
    .addOption(new Option("--corpus <folder>", "kept cases to run again (default: reports/corpus, where there is one)"))
    .addOption(new Option("--tests <file>", "a report of Vitest, as JSON: its slowest tests are listed"))
    .addOption(systemOption())
    .addOption(new Option("--mutant <id>", "put a known bug into the system"))
    .addOption(new Option("--epic <file>", "a prd file as workload"))
    .addOption(new Option("--failures <n>", "stop a scenario after so many distinct failures (default: 3)"))
    .addOption(new Option("--double-runs <share>", "share of the runs that are run twice and compared (default: 1%)"))
    .addOption(new Option("--workers <n>", "threads; 0 runs in this one (default: 2)"))
    .addOption(new Option("--out <folder>", "where the brief and repro files go (default: reports/out)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (names: string[], flags: Record<string, string>) => {
      const { review } = await import("./review/review-command.ts");
      end(await review(names, flags, withSystem(host, flags["system"])));
    });
}

function addDoctor(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("doctor")
    .description("Look at the environment, and at whether runs repeat themselves in it.")
    .argument("[scenario...]", "names of scenarios (default: those of your project, or all built-in ones)")
    .addOption(new Option("--seeds <n>", "cases of each scenario (default: 2)"))
    .addOption(systemOption())
    .addOption(new Option("--out <folder>", "where reports are to go (default: reports/out)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (names: string[], flags: DoctorFlags & SystemFlag) => {
      const { doctor } = await import("./doctor/doctor.ts");
      end(await doctor(names, flags, withSystem(host, flags.system)));
    });
}

function addBench(program: Command, host: Host, end: (exitCode: number) => void): void {
  const group = program
    .command("bench")
    .description("Benchmarks of this project, judged against their baselines. In its clone.")
    .argument("[name...]", "names of benchmarks (default: all)")
    .addOption(new Option("--lane <name>", "deterministic or wall-clock (default: both)"))
    .addOption(new Option("--iterations <n>", "timed ones (default: 20)"))
    .addOption(new Option("--gate", "the wall clock's figures decide the exit code, too"))
    .addOption(new Option("--out <file>", "keep what was measured there, samples and all"))
    .addOption(new Option("--append <file>", "add a line with the medians there, for bench trend --history"))
    .addOption(new Option("--markdown <file>", "write the tables there, too"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .action(async (names: string[], flags: BenchFlags) => {
      const { bench } = await import("./bench/bench.ts");
      end(await bench(names, flags, host));
    });
  group
    .command("check")
    .description("Look at whether the baselines can be used, and have what is measured and nothing else.")
    .allowExcessArguments(false)
    .action(async () => {
      const { checkBaselines } = await import("./bench/bench-upkeep.ts");
      end(await checkBaselines(host));
    });
  group
    .command("beside")
    .description("Measure another clone of this project and this one in turns, and judge this one by it.")
    .argument("<clone>", "the folder of the other one, with its packages installed")
    .argument("[name...]", "names of benchmarks (default: all)")
    .addOption(new Option("--rounds <n>", "of each side (default: 20)"))
    .addOption(new Option("--gate", "the wall clock's figures decide the exit code, too"))
    .addOption(new Option("--markdown <file>", "write the tables there, too"))
    .action(async (clone: string, names: string[], _: unknown, command: Command) => {
      const { benchBeside } = await import("./bench/bench-beside.ts");
      end(await benchBeside(clone, names, command.optsWithGlobals(), host));
    });
  group
    .command("compare")
    .description("Judge one measurement by another.")
    .argument("<before>", "a file of bench --out, or a baseline")
    .argument("<after>", "another")
    .addOption(new Option("--markdown <file>", "write the tables there, too"))
    .allowExcessArguments(false)
    .action(async (before: string, after: string, _: unknown, command: Command) => {
      const { compareMeasured } = await import("./bench/bench-compare.ts");
      end(await compareMeasured({ before, after }, command.optsWithGlobals(), host));
    });
  group
    .command("report")
    .description("Write what was measured as Markdown, with its verdict, to where people look.")
    .argument("<file>", "a file of bench --out")
    .addOption(new Option("--md <file>", "write it there"))
    .addOption(new Option("--to <where>", "summary or comment, of a job on GitHub, or none (default: none)"))
    .addOption(new Option("--gate", "the wall clock's figures decide the exit code, too"))
    .allowExcessArguments(false)
    .action(async (file: string, _: unknown, command: Command) => {
      const { reportMeasured } = await import("./bench/bench-report.ts");
      end(await reportMeasured(file, command.optsWithGlobals(), host));
    });
  group
    .command("log")
    .description("Show who refreshed the baselines, when, why, and what that overrode.")
    .allowExcessArguments(false)
    .action(async () => {
      const { logRefreshes } = await import("./bench/bench-upkeep.ts");
      end(await logRefreshes(host));
    });
  group
    .command("refresh")
    .description("Measure, and make that the baseline.")
    .argument("[name...]", "names of benchmarks; the others keep theirs (default: all)")
    .addOption(new Option("--reason <text>", "why the figures are others now"))
    .addOption(new Option("--by <name>", "who says so (default: the user of this process)"))
    .addOption(new Option("--iterations <n>", "timed ones (default: 20)"))
    .action(async (names: string[], _: unknown, command: Command) => {
      const { refreshBaselines } = await import("./bench/bench-upkeep.ts");
      end(await refreshBaselines(names, command.optsWithGlobals(), host));
    });
  group
    .command("trend")
    .description("Show the medians of each refresh, the newest first.")
    .argument("[metric]", "one of them (default: all)")
    .addOption(new Option("--history <file>", "of the runs in a file of bench --append"))
    .allowExcessArguments(false)
    .action(async (metric: string | undefined, _: unknown, command: Command) => {
      const { showTrend } = await import("./bench/bench-trend.ts");
      end(await showTrend(metric, command.optsWithGlobals(), host));
    });
  group
    .command("claim")
    .description("Hold a sentence of somebody against two measurements.")
    .argument("<text>", 'a metric and a signed percentage, as "ledger write -60 %"')
    .requiredOption("--before <file>", "a file of bench --out, or a baseline")
    .requiredOption("--after <file>", "another")
    .allowExcessArguments(false)
    .action(async (text: string, _: unknown, command: Command) => {
      const { holdClaim } = await import("./bench/bench-compare.ts");
      end(await holdClaim(text, command.optsWithGlobals(), host));
    });
}

function addServe(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("serve")
    .description("Run the orchestrator core on a real board, until interrupted.")
    .addOption(new Option("--config <file>", "default: stormlane.config.{ts,mjs,js,json}, and the environment"))
    .addOption(new Option("--dry-run", "look at all that it needs, say what it would do for each card, change nothing"))
    .addOption(new Option("--print-schema [file]", "write the config file's JSON Schema, for editors, and end"))
    .addOption(new Option("--pollers <n>", "how many, 0 to 64"))
    .addOption(new Option("--webhook <port>", "where the board's events come in, or off"))
    .addOption(new Option("--health <port>", "of /live, /ready and /health, or off"))
    .addOption(new Option("--log-format <name>", "auto, json or human"))
    .allowExcessArguments(false)
    .action(async (flags: Record<string, string | boolean>) => {
      const { serve } = await import("./serve-command.ts");
      end(await serve(flags, host));
    });
}

function addProfile(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("profile")
    .description("Tell where the time of runs went, by lane, agent, kind and operation: simulated ones, or real ones.")
    .argument("[scenario]", "simulate runs of this one")
    .addOption(new Option("--runs <n>", "how many runs to simulate, a seed each (default: 20)"))
    .addOption(new Option("--seed <s>", "the first of them (default: 0)"))
    .addOption(new Option("--strategy <name>", `${strategyNames.join(", ")} (default: first-due)`))
    .addOption(systemOption().hideHelp())
    .addOption(new Option("--mutant <id>", "put a known bug into the system"))
    .addOption(new Option("--epic <file>", "a prd file as workload"))
    .addOption(new Option("--spans <file...>", "instead of a scenario: what serve wrote with spans.file"))
    .addOption(new Option("--format <name>", "table or markdown (default: table)"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (scenario: string | undefined, flags: ProfileFlags) => {
      const { profile } = await import("./profile-command.ts");
      end(await profile(scenario, flags, host));
    });
}

function addLimits(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("limits")
    .description(
      "Raise the load step by step: what the system holds, where it degrades and breaks, how its work grows, and whether " +
        "its explicit limits hold anything back.",
    )
    .argument("[ramp...]", "names of ramps and explicit limits, as --list tells them (default: all)")
    .addOption(new Option("--list", "tell which ramps and explicit limits there are"))
    .addOption(new Option("--seeds <n>", "most runs at a level (default: 6)"))
    .addOption(new Option("--seed <s>", "the first of them (default: 0)"))
    .addOption(new Option("--ramp-max <n>", "look no higher, or higher, than the ramp does by itself"))
    .addOption(new Option("--level <n>", "of one ramp: run this level once and tell what it came to"))
    .addOption(systemOption())
    .addOption(new Option("--mutant <id>", "put a known bug into the system"))
    .addOption(
      new Option("--suggest", "suggest budgets for the config, from runs of scenarios, whose names are given then"),
    )
    .addOption(new Option("--headroom <factor>", "with --suggest: on the 99th percentile of the runs (default: 1.5)"))
    .addOption(new Option("--no-real", "leave out what depends on this machine: processor time and memory"))
    .addOption(new Option("--markdown", "print the report as Markdown"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .action(async (names: string[], flags: LimitsFlags & SystemFlag) => {
      const { limits } = await import("./limits/limits-command.ts");
      end(await limits(names, flags, withSystem(host, flags.system)));
    });
}

function addImport(program: Command, host: Host, end: (exitCode: number) => void): void {
  program
    .command("import")
    .description("Read the logs of an incident, and search for what they do not show until its symptom appears.")
    .argument(
      "<log...>",
      "webhook, access, provider and orchestrator logs, the board's activity or a copy of its database",
    )
    .addOption(new Option("--in <scenario>", "where to search (default: the one that fits)"))
    .addOption(new Option("--symptom <text>", "what was wrong, as I2 or 'V1: card 12' (default: what the logs tell)"))
    .addOption(systemOption())
    .addOption(new Option("--mapping <file>", "where JSON lines of your orchestrator have time, event and card"))
    .addOption(new Option("--workload <file>", "a workload of the scenario (default: as the board had it)"))
    .addOption(new Option("--epic <file>", "a prd file: the plan of the first epic (default: the stories in the logs)"))
    .addOption(new Option("--mutant <id>", "put a known bug into the system"))
    .addOption(new Option("--runs <n>", "most runs of the search (default: 2000)"))
    .addOption(new Option("--for <duration>", "end the search after a time, as 60s or 5m"))
    .addOption(new Option("--finds <n>", "go on until it was found so often, to know the causes (default: 12)"))
    .addOption(new Option("--first-seed <s>", "begin with this seed (default: 0)"))
    .addOption(new Option("--scenario <file>", "write it as a scenario in TypeScript"))
    .addOption(new Option("--out <folder>", "where the repro file goes (default: reports/out)"))
    .addOption(new Option("--keep-text", "keep titles and descriptions of cards; secrets go all the same"))
    .addOption(new Option("--no-search", "tell what the logs show, and end"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (logs: string[], flags: ImportFlags & SystemFlag) => {
      const { importWatched } = await import("./import/watched-import.ts");
      end(await importWatched(logs, flags, withSystem(host, flags.system)));
    });
}

function addFakesServe(fakes: Command, host: Host, end: (exitCode: number) => void): void {
  fakes
    .command("serve")
    .description("Serve Kanboard and the model provider on 127.0.0.1 until interrupted.")
    .addOption(new Option("--kanboard <port>", "0 = any free port").default("0"))
    .addOption(new Option("--llm <port>", "0 = any free port").default("0"))
    .addOption(new Option("--control <port>", "of the control endpoint; 0 = any free port").default("0"))
    .addOption(new Option("--scenario <file>", "what they start with: JSON, or a module with a default export"))
    .addOption(new Option("--seed <s>", "of what they draw").default("1"))
    .addOption(new Option("--speed <n>", "of their clock: 1 is real, 0 waits for nothing").default("1"))
    .addOption(new Option("--journal <file>", "where to write what happens, as JSON lines"))
    .addOption(new Option("--json", "print the addresses as one JSON line"))
    .allowExcessArguments(false)
    .action(async (flags: Record<string, string>) => {
      const { serveFakes } = await import("./fakes-command.ts");
      end(await serveFakes(flags, host));
    });
}

function addFakesInstall(fakes: Command, host: Host, end: (exitCode: number) => void): void {
  fakes
    .command("install")
    .description("Write the fake programs as executables into a folder for PATH.")
    .argument("<dir>", "where they go")
    .addOption(new Option("--scenario <file>", "what agents do and which faults strike: JSON, or a module"))
    .addOption(new Option("--only <names>", "some of them, as codex,git"))
    .addOption(new Option("--journal <file>", "where to write what happens, as JSON lines"))
    .addOption(new Option("--seed <s>", "of what they draw").default("1"))
    .addOption(new Option("--speed <n>", "of their work: 1 is real time, 0 waits for nothing").default("1"))
    .allowExcessArguments(false)
    .action(async (folder: string, flags: Record<string, string>) => {
      const { installFakes } = await import("./install-command.ts");
      end(await installFakes(folder, flags, host));
    });
}

function addConformanceKanboard(conformance: Command, host: Host, end: (exitCode: number) => void): void {
  addServerOptions(conformance.command("kanboard"))
    .description("Replay recordings against a server, and report per procedure what differs.")
    .addOption(new Option("--recordings <path...>", "files, or folders of them (default: those of this package)"))
    .addOption(new Option("--method <name>", "report on this procedure alone"))
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .action(async (flags: Record<string, string>) => {
      const { checkKanboard } = await import("./conformance-command.ts");
      end(await checkKanboard(flags, host));
    });
}

function addConformanceRecord(conformance: Command, host: Host, end: (exitCode: number) => void): void {
  addServerOptions(conformance.command("record"))
    .description("Record what a server makes of the requests of recordings, without secrets.")
    .addOption(new Option("--from <path...>", "recordings to take requests from (default: those of this package)"))
    .addOption(new Option("--out <folder>", "where they go (default: kanboard-recordings)"))
    .action(async (flags: Record<string, string>) => {
      const { recordKanboard } = await import("./conformance-command.ts");
      end(await recordKanboard(flags, host));
    });
}

function addConformanceDiff(conformance: Command, host: Host, end: (exitCode: number) => void): void {
  conformance
    .command("diff")
    .description("Tell per procedure what changed between two recordings of the same requests.")
    .argument("<old>", "a recording, or a folder of them")
    .argument("<new>", "a recording, or a folder of them")
    .addOption(new Option("--json", "print one JSON document on standard output"))
    .allowExcessArguments(false)
    .action(async (before: string, after: string, flags: Record<string, string>) => {
      const { diffRecordings } = await import("./conformance-command.ts");
      end(diffRecordings(before, after, flags, host));
    });
}

function addWorkPackage(program: Command, host: Host, end: (exitCode: number) => void): void {
  const group = program.command("work-package").description("The lifecycle of a card without a board, in a folder.");
  const load = () => import("./work-package-command.ts");
  const add = (parent: Command, name: string, description: string): Command =>
    parent
      .command(name)
      .description(description)
      .addOption(new Option("--folder <dir>", "where the packages are").default("work-packages"))
      .addOption(new Option("--json", "print one JSON document on standard output"))
      .allowExcessArguments(false);
  const addDeed = (parent: Command, name: string, description: string): Command =>
    add(parent, name, description)
      .addOption(new Option("--who <name>", "who does it").default("command line"))
      .addOption(new Option("--reason <text>", "why"));
  addDeed(group, "init <card>", "Make the package of a card.")
    .addOption(new Option("--title <text>", "its title (default: the card)"))
    .addOption(new Option("--workspace <dir>", "where its artifacts are written").default("."))
    .action(async (card: string, flags) => end(await (await load()).initPackage(card, flags, host)));
  add(group, "show <card>", "Tell where a package stands and what it waits for.").action(async (card: string, flags) =>
    end(await (await load()).showPackage(card, flags, host)),
  );
  addDeed(group, "approve <card> <kind>", "Approve the design, planning, tests or implementation as it stands.").action(
    async (card: string, kind: string, flags) => end(await (await load()).approveArtifacts(card, kind, flags, host)),
  );
  addDeed(group, "advance <card>", "Go on to the next stage, through its gate.")
    .addOption(new Option("--to <stage>", "over several stages, each through its gate"))
    .action(async (card: string, flags) => end(await (await load()).advancePackage(card, flags, host)));
  addDeed(group, "rollback <card>", "Go back, and take back what was approved from there on.")
    .addOption(new Option("--to <stage>", "an earlier stage").makeOptionMandatory())
    .action(async (card: string, flags) => end(await (await load()).rollBackPackage(card, flags, host)));
  const artifact = group.command("artifact").description("What belongs to a package.");
  addDeed(artifact, "add <card> <kind> <path>", "Take a file of the workspace into the package.").action(
    async (card: string, kind: string, path: string, flags) =>
      end(await (await load()).addArtifact(card, kind, path, flags, host)),
  );
  add(group, "gate <card> <agent>", "Tell whether an agent may start; exit code 1 when it may not.").action(
    async (card: string, agent: string, flags) => end(await (await load()).askGate(card, agent, flags, host)),
  );
  add(group, "dashboard", "Write all dashboards and the index again.").action(async (flags) =>
    end(await (await load()).rebuildDashboards(flags, host)),
  );
}

function addServerOptions(command: Command): Command {
  return command
    .addOption(new Option("--url <url>", "of the server's jsonrpc.php"))
    .addOption(new Option("--token <token>", "its API token"))
    .addOption(new Option("--control <url>", "the control endpoint of served fakes: resets them"))
    .addOption(new Option("--reset-command <command>", "puts a real server into factory state before each recording"))
    .addOption(new Option("--webhook-port <port>", "where webhooks are received on 127.0.0.1; 0 = any free port"))
    .allowExcessArguments(false);
}

function refuse(host: Host, message: string): number {
  host.writeError(`stormlane: ${message}\n`);
  return exitCodes.usage;
}

/** commander writes `error: unknown option '--sede'` and the suggestion on a line of its own. */
function fromCommander(error: CommanderError): string {
  const [what = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const fix = suggestion?.replaceAll(/[()]/g, "").toLowerCase() ?? "see stormlane --help";
  const why = what.startsWith("unknown") ? "there is none of that name" : "not understood";
  return `${what.replace(/\.$/, "")}: ${why}; ${fix}`;
}
