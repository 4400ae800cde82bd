import { realPorts } from "../../real/real-ports.ts";
import { noPaint } from "../../report/paint.ts";
import { prepareFolder } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { UsageError } from "../usage-error.ts";
import { serveHealth } from "./health-server.ts";
import { Logbook } from "./logbook.ts";
import { Monitor } from "./monitor.ts";
import type { BreakOff } from "./role-ports.ts";
import { startRoles, type RoleEnd } from "./roles.ts";
import { secretsOf, type ServeConfig } from "./serve-config.ts";
import { SpanFile } from "./span-file.ts";

/** What a run gets after it was broken off: to note its attempt and take its tag off, then to give its lease back. */
const tidyMs = 5_000;

/** Runs all roles until an interruption, or until one of them cannot go on. @returns the exit code */
export async function runService(config: ServeConfig, host: Host): Promise<number> {
  const monitor = new Monitor(3 * config.pollIntervalMs + config.board.timeoutMs);
  const logbook = new Logbook({
    format: formatOf(config, host),
    paint: host.errorIsTerminal ? terminalPaint : noPaint,
    write: host.writeError,
    file: config.log.file,
    secrets: secretsOf(config),
    onEntry: (entry) => monitor.take(entry),
  });
  // The core makes what is inside of them; where they are is for people to say.
  prepareFolder("projectsFolder", config.projectsFolder);
  prepareFolder("stateFolder", config.stateFolder);
  const health = await openHealth(config, monitor, logbook);
  const stop = new AbortController();
  const ends = { work: new AbortController(), board: new AbortController(), all: new AbortController() };
  const breakOff: BreakOff = { work: ends.work.signal, board: ends.board.signal, all: ends.all.signal };
  logbook.say("serve.started", {
    board: config.board.url,
    project: config.board.project,
    pollers: config.pollers,
    webhook: config.webhook === "off" ? "off" : `${config.webhook.host}:${config.webhook.port}`,
    health: health === undefined ? "off" : `${health.host}:${health.port}`,
    stateFolder: config.stateFolder,
  });
  const spanFile = openSpans(config, logbook);
  const roles = startRoles(config, { logbook, monitor, breakOff, spanFile, stop: stop.signal });
  const firstFailure = Promise.race(roles.map(untilFailed));
  const reason = await Promise.race([interrupted(host.takeInterruptions()), firstFailure]);
  if (reason !== undefined) logbook.say("role.crashed", { role: reason.role, why: reason.failure ?? "" }, "error");

  monitor.stops();
  stop.abort();
  const waiting = monitor.runsInProgress.map(({ card, lane }) => `${card} in lane ${lane}`);
  logbook.say("serve.stopping", { runs: [...waiting], graceMs: config.stopGraceMs });
  const ended = Promise.all(roles);
  let isDone = await endsWithin(ended, config.stopGraceMs);
  for (const step of ["work", "board"] as const) {
    if (isDone) break;
    logbook.say("serve.breakingOff", { what: step, runs: monitor.runsInProgress.map(({ card }) => card) }, "warning");
    ends[step].abort();
    isDone = await endsWithin(ended, tidyMs);
  }
  ends.all.abort();
  await health?.close();
  const left = isDone ? [] : monitor.runsInProgress.map(({ card }) => card);
  logbook.say("serve.stopped", { left }, isDone ? "info" : "error");
  if (reason !== undefined) return exitCodes.broken;
  return isDone ? exitCodes.held : exitCodes.failed;
}

function formatOf(config: ServeConfig, host: Host): "json" | "human" {
  const { format } = config.log;
  return format === "auto" ? (host.errorIsTerminal ? "human" : "json") : format;
}

function openSpans({ spans }: ServeConfig, logbook: Logbook): SpanFile | undefined {
  if (spans === "off") return undefined;
  const { file, sizeBytesMax } = spans;
  return new SpanFile(file, sizeBytesMax, (code) => logbook.say("spans.failed", { file, code }, "warning"));
}

interface Health {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

async function openHealth(config: ServeConfig, monitor: Monitor, logbook: Logbook): Promise<Health | undefined> {
  if (config.health === "off") return undefined;
  const { host, port } = config.health;
  const server = await serveHealth(realPorts({ log: logbook.sinkOf("health") }), monitor, { host, port });
  if (server.kind === "ok") return { host, port: server.value.port, close: () => server.value.close() };
  throw new UsageError({
    what: `health.port ${port}`,
    why: server.error.message,
    fix: "use another with --health PORT",
  });
}

function interrupted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

/** Never, for a role that ends as it was told. */
function untilFailed(role: Promise<RoleEnd>): Promise<RoleEnd> {
  return new Promise((resolve) => {
    void role.then((end) => {
      if (end.failure !== undefined) resolve(end);
    });
  });
}

async function endsWithin(ended: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timer = Promise.withResolvers<boolean>();
  const handle = setTimeout(() => timer.resolve(false), limitMs);
  const isDone = await Promise.race([ended.then(() => true), timer.promise]);
  clearTimeout(handle);
  return isDone;
}
