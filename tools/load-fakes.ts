/**
 * Loads the served fakes, which run in a process of their own, and checks that every request is answered and stands in
 * the journal.
 *
 * Usage: npm run load -- [--connections 1000] [--rate 2000] [--seconds 10] [--json]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readJournal } from "../src/history/journal.ts";

interface Settings {
  readonly connections: number;
  /** Requests a second; 0 = as fast as they are answered. */
  readonly rate: number;
  readonly seconds: number;
}

interface Figures extends Settings {
  readonly requests: number;
  readonly errors: number;
  readonly requestsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  readonly journalLines: number;
  /** Requests without their lines in the journal. */
  readonly journalLost: number;
  readonly serverCpuSeconds: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      connections: { type: "string", default: "1000" },
      rate: { type: "string", default: "2000" },
      seconds: { type: "string", default: "10" },
      json: { type: "boolean", default: false },
    },
  });
  const settings = {
    connections: Number(values.connections),
    rate: Number(values.rate),
    seconds: Number(values.seconds),
  };
  const figures = await measure(settings);
  console.log(values.json ? JSON.stringify(figures) : tell(figures));
  return figures.errors === 0 && figures.journalLost === 0 ? 0 : 1;
}

async function measure(settings: Settings): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-load-"));
  try {
    const journal = join(folder, "journal.jsonl");
    const scenario = join(folder, "scenario.json");
    writeFileSync(scenario, JSON.stringify({ board: { projects: [{ name: "load", cards: [{ title: "card" }] }] } }));
    const command = ["fakes", "serve", "--json", "--speed", "0", "--scenario", scenario, "--journal", journal];
    const server = spawn(process.execPath, [fileURLToPath(new URL("../src/cli/bin.ts", import.meta.url)), ...command], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(server, "exit");
    const first = await Promise.race([once(createInterface(server.stdout), "line"), ended.then(() => undefined)]);
    if (first === undefined) throw new Error("the fakes ended before they served");
    const [line] = first as [string];
    const { kanboard } = JSON.parse(line) as { readonly kanboard: { readonly port: number } };
    const load = await new Load(settings, kanboard.port).run();
    const serverCpuSeconds = cpuSecondsOf(server.pid!);
    server.kill("SIGTERM");
    await ended;
    const read = readJournal(readFileSync(journal, "utf8"));
    if (read.kind === "bad") throw new Error(`journal, line ${read.line}: ${read.why}`);
    const answered = read.events.filter((event) => event.kind === "answered" && event.outcome === "ok").length;
    const sent = read.events.filter((event) => event.kind === "sent").length;
    return {
      ...settings,
      ...load,
      journalLines: read.events.length,
      journalLost: Math.max(load.requests - answered, load.requests - sent),
      serverCpuSeconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests over many connections that stay open, each connection with one request at a time. */
class Load {
  private readonly settings: Settings;
  private readonly port: number;
  private readonly latenciesMs: number[] = [];
  private readonly idle: Connection[] = [];
  private errors = 0;
  private sent = 0;

  constructor(settings: Settings, port: number) {
    this.settings = settings;
    this.port = port;
  }

  async run(): Promise<Pick<Figures, "requests" | "errors" | "requestsPerSecond" | "latencyMs">> {
    const { connections, rate, seconds } = this.settings;
    const all = await Promise.all(Array.from({ length: connections }, () => Connection.open(this.port)));
    this.idle.push(...all);
    const startMs = performance.now();
    const durationMs = seconds * 1000;
    // The owed requests of each moment leave at once, in bursts of a millisecond.
    while (performance.now() - startMs < durationMs) {
      const due = rate === 0 ? Infinity : ((performance.now() - startMs) * rate) / 1000;
      while (this.sent < due && this.idle.length > 0) this.send(this.idle.shift()!);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    while (this.idle.length < connections) await new Promise((resolve) => setTimeout(resolve, 5));
    const elapsedS = (performance.now() - startMs) / 1000;
    for (const connection of all) connection.close();
    const sorted = this.latenciesMs.toSorted((left, right) => left - right);
    const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 10) / 10;
    return {
      requests: sorted.length,
      errors: this.errors,
      requestsPerSecond: Math.round(sorted.length / elapsedS),
      latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    };
  }

  private send(connection: Connection): void {
    const startMs = performance.now();
    const [method, params] = mix[this.sent++ % mix.length]!;
    connection.call(method, params, (ok) => {
      this.latenciesMs.push(performance.now() - startMs);
      if (!ok) this.errors++;
      this.idle.push(connection);
    });
  }
}

/** What an orchestrator asks all day; writes among it. */
const mix: readonly (readonly [method: string, params: object])[] = [
  ["getTask", { task_id: 1 }],
  ["getTask", { task_id: 1 }],
  ["getTaskTags", { task_id: 1 }],
  ["getColumns", { project_id: 1 }],
  ["getTaskMetadata", { task_id: 1 }],
  ["updateTask", { id: 1, description: "worked on" }],
];

/** A connection of bare HTTP/1.1, so that the client costs as little as it can beside the server. */
class Connection {
  private readonly socket: Socket;
  private received = "";
  private answered: ((ok: boolean) => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.take(text));
    for (const event of ["error", "close"]) socket.on(event, () => this.end(false));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.setNoDelay();
    return new Connection(socket);
  }

  call(method: string, params: object, answered: (ok: boolean) => void): void {
    this.answered = answered;
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const head = `POST /jsonrpc.php HTTP/1.1\r\nhost: fakes\r\nauthorization: ${credentials}\r\ncontent-length: ${body.length}\r\n\r\n`;
    this.socket.write(head + body);
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.received += text;
    const headEnd = this.received.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const head = this.received.slice(0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (this.received.length < headEnd + 4 + length) return;
    const body = this.received.slice(headEnd + 4, headEnd + 4 + length);
    this.received = this.received.slice(headEnd + 4 + length);
    this.end(head.startsWith("HTTP/1.1 200") && body.includes('"result"'));
  }

  private end(ok: boolean): void {
    const { answered } = this;
    this.answered = undefined;
    answered?.(ok);
  }
}

const credentials = `Basic ${Buffer.from("jsonrpc:stormlane").toString("base64")}`;

/** Of a process that still runs; 0 where the machine does not tell. */
function cpuSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

function tell(figures: Figures): string {
  const { connections, requests, errors, requestsPerSecond, latencyMs, journalLines, journalLost, serverCpuSeconds } =
    figures;
  return [
    `${connections} connections, ${requests} requests, ${requestsPerSecond} requests/s on ${cpus().length} cores`,
    `${errors} errors; latency p50 ${latencyMs.p50} ms, p95 ${latencyMs.p95} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`,
    `journal: ${journalLines} events, ${journalLost} requests lost; the server took ${serverCpuSeconds} s of processor time`,
  ].join("\n");
}

process.exitCode = await main();
