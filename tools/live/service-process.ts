import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isJsonObject, type JsonObject } from "../../src/base/json.ts";
import { GrowingLines } from "./growing-lines.ts";
import { textOf } from "./text-of.ts";

export interface ServiceOptions {
  /** `webhooks`, `poller-a`, `poller-b`: of its config file, too. */
  readonly name: string;
  readonly folder: string;
  readonly path: string;
}

/** One process of `stormlane serve` that is started again after each death. */
export class ServiceProcess {
  readonly name: string;
  /** Of all its runs, in all its lives. */
  readonly causesBegun = new Set<string>();
  private readonly options: ServiceOptions;
  private readonly log: GrowingLines;
  private readonly spans: GrowingLines;
  private child: ChildProcess | undefined;
  private readonly runs = new Map<string, string>();
  private lastOperation = "";
  private operations = 0;

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.options = options;
    this.log = new GrowingLines(join(options.folder, `${options.name}.log`));
    this.spans = new GrowingLines(join(options.folder, `${options.name}.spans`));
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    const { name, folder, path } = this.options;
    this.runs.clear();
    this.lastOperation = "its start";
    this.child = spawn(process.execPath, ["--no-warnings", bin, "serve", "--config", `${name}.json`], {
      cwd: folder,
      env: { PATH: path, HOME: folder },
      stdio: "ignore",
    });
    this.child.on("error", () => {});
  }

  /** As a power cut does, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** In good order, or by force when it takes too long. @returns its exit code, or the signal that ended it */
  async stop(): Promise<number | string | undefined> {
    const force = setTimeout(() => this.child?.kill("SIGKILL"), stopMsMax);
    try {
      return await this.end("SIGTERM");
    } finally {
      clearTimeout(force);
    }
  }

  /** How it ended by itself, as `exit code 3`. */
  get ending(): string {
    const { exitCode = null, signalCode = null } = this.child ?? {};
    return exitCode === null ? String(signalCode) : `exit code ${exitCode}`;
  }

  /** Takes in what the process has written since the last look. */
  look(): void {
    for (const { event, fields } of this.log.read()) {
      if (!isJsonObject(fields)) continue;
      const cause = textOf(fields["cause"]);
      if (event === "run.finished") this.runs.delete(cause);
      if (event !== "run.started") continue;
      this.runs.set(cause, `${textOf(fields["card"])} lane ${textOf(fields["lane"])}`);
      this.causesBegun.add(cause);
    }
    for (const span of this.spans.read()) this.take(span);
  }

  /** What it works at, as `EPIC-1/S1 lane 8`; undefined when it only looks. */
  get run(): string | undefined {
    return [...this.runs.values()][0];
  }

  /** What it did last, as `git.commit`. */
  get doneLast(): string {
    return this.lastOperation;
  }

  /** Of its runs, in all its lives. */
  get operationsDone(): number {
    return this.operations;
  }

  private take(span: JsonObject): void {
    if (span["kind"] === "mark" || typeof span["name"] !== "string") return;
    if (span["kind"] !== "wait") this.lastOperation = span["name"];
    if (typeof span["agent"] === "string" && span["agent"] !== "" && span["kind"] !== "wait") this.operations += 1;
  }

  private async end(signal: NodeJS.Signals): Promise<number | string | undefined> {
    const { child } = this;
    if (child === undefined) return undefined;
    if (this.isRunning) {
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    }
    return child.exitCode ?? child.signalCode ?? undefined;
  }
}

/** Longer than the grace of its own and the time to tidy up. */
const stopMsMax = 40_000;
const bin = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));
