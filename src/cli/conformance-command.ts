import { join, resolve } from "node:path";
import { reportOf, type ConformanceReport } from "../conformance/conformance-report.ts";
import { builtInRecordingsFolder, loadRecordings } from "../conformance/recording-files.ts";
import { recordAgain } from "../conformance/record.ts";
import { compareRecordings } from "../conformance/recording-drift.ts";
import { writeRecording, type Recording } from "../conformance/recording.ts";
import { replayRecordings, type CallResult } from "../conformance/replay.ts";
import { ServerFailure, ServerUnderTest, type ResetWay } from "../conformance/server-under-test.ts";
import { plainLine } from "../report/plain-line.ts";
import { prepareFolder, writeFileAtomically } from "./atomic-file.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { readInteger, wrongValue } from "./option-values.ts";
import { ownVersion } from "./own-package.ts";
import { UsageError } from "./usage-error.ts";

export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** `stormlane conformance kanboard`: replays recordings against a server. @returns the exit code */
export async function checkKanboard(flags: Flags, host: Host): Promise<number> {
  const recordings = readRecordings(flags, host, "recordings");
  return withServer(flags, host, async (server, apiToken) => {
    await server.reset(recordings[0]!.header.config);
    const version = await serverVersion(server);
    const results: CallResult[] = [];
    for await (const result of replayRecordings(recordings, server, apiToken)) results.push(result);
    const report = reportOf(results, flags["method"] as string | undefined);
    if (report.total.calls === 0) throw noSuchMethod(flags["method"] as string);
    const document = { url: flags["url"], kanboard: version, ...report };
    host.writeOut(
      flags["json"] === true ? jsonOf("conformance kanboard", document) : textOf(report, sumOf(version, report)),
    );
    if (report.total.agree + report.total.differ === 0) {
      host.writeError(`stormlane: nothing was compared: ${report.skips[0]?.why ?? "no call"}; ${resetHint}\n`);
      return exitCodes.usage;
    }
    return report.total.differ === 0 ? exitCodes.held : exitCodes.failed;
  });
}

/** `stormlane conformance record`: what a server makes of recorded requests, as new recordings. @returns the exit code */
export async function recordKanboard(flags: Flags, host: Host): Promise<number> {
  const recordings = readRecordings(flags, host, "from");
  const folder = resolve(host.cwd, (flags["out"] as string | undefined) ?? "kanboard-recordings");
  return withServer(flags, host, async (server, apiToken) => {
    prepareFolder("--out", folder);
    await server.reset(recordings[0]!.header.config);
    const kanboard = await serverVersion(server);
    let written = 0;
    for await (const { recording, skipped } of recordAgain(recordings, server, { apiToken, kanboard })) {
      const path = join(folder, `${recording.name}.jsonl`);
      writeFileAtomically(path, writeRecording(recording));
      written++;
      host.writeOut(`${path}: ${recording.header.calls} calls, ${recording.header.webhooks} webhooks\n`);
      for (const { n, method, why } of skipped) host.writeOut(`  left out call ${n}, ${method}: ${why}\n`);
    }
    const missing = recordings.length - written;
    if (missing === 0) return exitCodes.held;
    host.writeError(
      `stormlane: ${missing} recordings were not made: the server is not in factory state; ${resetHint}\n`,
    );
    return exitCodes.usage;
  });
}

/** `stormlane conformance diff`: what changed between two recordings. @returns the exit code */
export function diffRecordings(before: string, after: string, flags: Flags, host: Host): number {
  const old = readRecordingsAt([resolve(host.cwd, before)]);
  const recent = readRecordingsAt([resolve(host.cwd, after)]);
  const results = old.flatMap((recording) => {
    const partner =
      old.length === 1 && recent.length === 1 ? recent[0] : recent.find(({ name }) => name === recording.name);
    return partner === undefined ? [] : compareRecordings(recording, partner);
  });
  if (results.length === 0) {
    throw new UsageError({
      what: after,
      why: `holds no recording of a name as in ${before}`,
      fix: "name two that match",
    });
  }
  const report = reportOf(results);
  const { total, methods, recordings } = report;
  const changed = { ...report, methods: methods.filter(({ differ, skipped }) => differ + skipped > 0) };
  const sum = `${total.differ} of ${total.calls} calls changed, in ${recordings.length} recordings; ${total.skipped} were not compared`;
  host.writeOut(flags["json"] === true ? jsonOf("conformance diff", report) : textOf(changed, sum));
  return total.differ + total.skipped === 0 ? exitCodes.held : exitCodes.failed;
}

/** Opens the server that the flags name, and tells when it cannot be asked. */
async function withServer(
  flags: Flags,
  host: Host,
  use: (server: ServerUnderTest, apiToken: string) => Promise<number>,
): Promise<number> {
  const url = readUrl("--url", flags["url"]);
  const apiToken = flags["token"];
  if (typeof apiToken !== "string" || apiToken === "") {
    throw new UsageError({ what: "--token", why: "missing", fix: "give the API token of Kanboard's settings" });
  }
  const server = await open({ url, apiToken, ...readReset(flags) });
  try {
    return await use(server, apiToken);
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    host.writeError(`stormlane: ${error.message}\n`);
    return exitCodes.broken;
  } finally {
    server.close();
  }
}

function readReset(flags: Flags): { readonly reset: ResetWay; readonly webhookPort: number } {
  const { control, resetCommand, webhookPort: port } = flags;
  const webhookPort = typeof port === "string" ? readInteger("--webhook-port", port, { min: 0, max: 65_535 }) : 0;
  if (typeof control === "string" && typeof resetCommand === "string") {
    throw wrongValue("--reset-command", resetCommand, "given with --control", "use one of the two");
  }
  if (typeof control === "string") {
    return { reset: { kind: "control", url: readUrl("--control", control) }, webhookPort };
  }
  if (typeof resetCommand === "string") return { reset: { kind: "command", command: resetCommand }, webhookPort };
  return { reset: { kind: "none", webhooks: webhookPort !== 0 }, webhookPort };
}

async function open(options: Parameters<typeof ServerUnderTest.open>[0]): Promise<ServerUnderTest> {
  try {
    return await ServerUnderTest.open(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw wrongValue("--webhook-port", String(options.webhookPort), `cannot be had (${code})`, "use another, or 0");
  }
}

function readUrl(option: string, text: Flags[string]): URL {
  if (typeof text !== "string") throw new UsageError({ what: option, why: "missing", fix: `give ${option} URL` });
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw wrongValue(option, text, "not an http or https URL", "use one as http://127.0.0.1:8080/jsonrpc.php");
}

function readRecordings(flags: Flags, host: Host, option: "recordings" | "from"): readonly Recording[] {
  const given = flags[option] as readonly string[] | undefined;
  return readRecordingsAt(given?.map((path) => resolve(host.cwd, path)) ?? [builtInRecordingsFolder()]);
}

function readRecordingsAt(paths: readonly string[]): readonly Recording[] {
  const loaded = loadRecordings(paths);
  if (loaded.kind === "bad") {
    throw new UsageError({ what: loaded.path, why: loaded.why, fix: "name recordings, or folders with some" });
  }
  if (loaded.recordings.length > 0) return loaded.recordings;
  throw new UsageError({ what: paths.join(", "), why: "holds no recording", fix: "name *.jsonl files" });
}

/** @throws UsageError when the token is not the server's */
async function serverVersion(server: ServerUnderTest): Promise<string> {
  const { status, result } = await server.ask("getVersion");
  if (status === 401) {
    throw new UsageError({
      what: "--token",
      why: "the server refuses it",
      fix: "give the API token of Kanboard's settings",
    });
  }
  if (typeof result === "string") return result;
  throw new ServerFailure(`the server does not answer as Kanboard does (status ${status}): is --url its jsonrpc.php?`);
}

function noSuchMethod(method: string): UsageError {
  return wrongValue("--method", method, "no recorded call is of it", "name a procedure, protocol or batch");
}

function jsonOf(command: string, document: object): string {
  return `${JSON.stringify({ version: 1, command, stormlane: ownVersion(), ...document })}\n`;
}

function textOf({ total, methods, differences, skips }: ConformanceReport, sum: string): string {
  const width = Math.max(0, ...methods.map(({ method }) => method.length));
  const lines = methods.length === 0 ? [] : [`${"".padEnd(width)}  calls  agree  differ  skipped`];
  for (const { method, calls, agree, differ, skipped } of methods) {
    const [a, b, c, d] = [calls, agree, differ, skipped].map(String) as [string, string, string, string];
    lines.push(`${method.padEnd(width)}  ${a.padStart(5)}  ${b.padStart(5)}  ${c.padStart(6)}  ${d.padStart(7)}`);
  }
  for (const { recording, n, method, request, where, expected, actual } of differences.slice(0, shownMax)) {
    lines.push(
      "",
      `${recording} call ${n}, ${method}: ${plainLine(where, 200)}`,
      `  sent      ${request.user ?? "nobody"}: ${plainLine(request.body, 300)}`,
      `  expected  ${plainLine(expected, 300)}`,
      `  actual    ${plainLine(actual, 300)}`,
    );
  }
  if (total.differ > shownMax) lines.push("", `and ${total.differ - shownMax} more; --json holds the first 100`);
  if (skips.length > 0) lines.push("");
  for (const { recording, calls, why } of skips) lines.push(`skipped ${calls} calls of ${recording}: ${why}`);
  lines.push("", sum);
  return `${lines.join("\n")}\n`;
}

function sumOf(version: string, { total }: ConformanceReport): string {
  const { agree, calls, differ, skipped } = total;
  return `Kanboard ${version}: ${agree} of ${calls} calls agree, ${differ} differ, ${skipped} skipped`;
}

const shownMax = 20;
const resetHint = "start from a fresh installation, or give --reset-command or --control";
