import { resolve } from "node:path";
import type { JsonObject } from "../base/json.ts";
import { WorkerPool } from "../campaign/worker-pool.ts";
import { codeHash } from "./code-hash.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { mutantsDocument, type MutantsReport } from "./mutants-command-document.ts";
import { loadPeerKit, runPeers, type PeerOptions } from "./mutants-command-peers.ts";
import { TrialRecord } from "./mutants-command-record.ts";
import { mutantsMarkdown, mutantsText } from "./mutants-command-tables.ts";
import { readMutantsSettings, type MutantsFlags, type MutantsSettings } from "./mutants-command-settings.ts";
import { runTrials, type Group } from "./mutants-command-trials.ts";
import type { MutantAnswer, MutantTask, MutantWorkerSettings } from "./mutants-command-worker.ts";
import { UsageError } from "./usage-error.ts";

/** `stormlane mutants`: how fast which strategy finds which mutant. @returns the exit code */
export async function mutants(ids: readonly string[], flags: MutantsFlags, host: Host): Promise<number> {
  const settings = await readMutantsSettings(ids, flags, host);
  const kit = settings.peers ? await loadPeerKit() : undefined;
  // Before hours of work, not behind them.
  if (settings.markdownFile !== undefined) write(settings.markdownFile, "", host);
  const record = await openRecord(settings, host);
  const interrupted = host.takeInterruptions();
  const groups = await tryAll({ settings, host, record, interrupted });
  const peers = kit === undefined ? [] : await runPeers({ kit, settings, host, record, interrupted });
  const report: MutantsReport = { settings, groups, peers, interrupted: interrupted.aborted };
  if (settings.markdownFile !== undefined) write(settings.markdownFile, mutantsMarkdown(report), host);
  host.writeOut(settings.json ? `${JSON.stringify(mutantsDocument(report))}\n` : `${mutantsText(report)}\n`);
  if (interrupted.aborted) return exitCodes.interrupted;
  return neverFound(groups).length === 0 && [...groups, ...peers].every(({ problems }) => problems.length === 0)
    ? exitCodes.held
    : exitCodes.failed;
}

async function openRecord({ recordFile }: MutantsSettings, host: Host): Promise<TrialRecord | undefined> {
  if (recordFile === undefined) return undefined;
  const path = resolve(host.cwd, recordFile);
  return TrialRecord.open({ path, given: recordFile, code: await codeHash(host.catalogueUrl) });
}

async function tryAll({ settings, host, record, interrupted }: Omit<PeerOptions, "kit">): Promise<Group[]> {
  const told: MutantWorkerSettings = { catalogueUrl: host.catalogueUrl.href };
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const executor = new WorkerPool<MutantTask, MutantAnswer>({
    workerUrl: new URL(`mutants-command-worker${extension}`, import.meta.url),
    workers: settings.workers,
    settings: told as unknown as JsonObject,
  });
  interrupted.addEventListener("abort", () => void executor.close());
  try {
    return await runTrials({
      settings,
      executor,
      record,
      interrupted,
      onGroup: (group, done, total) => host.writeError(`${done}/${total}  ${lineOf(group)}\n`),
    });
  } finally {
    await executor.close();
  }
}

/** Mutants that no trial of any strategy found. */
function neverFound(groups: readonly Group[]): string[] {
  const found = new Set(groups.filter(({ results }) => results.some(({ isFound }) => isFound)).map(idOf));
  return [...new Set(groups.map(idOf))].filter((id) => !found.has(id));
}

function idOf({ mutant }: Group): string {
  return mutant.id;
}

function lineOf({ mutant, strategy, results }: Group): string {
  const found = results.filter(({ isFound }) => isFound);
  const runs = found.map((each) => each.runs).join(" ");
  const cpuMs = results.reduce((sum, each) => sum + each.cpuMs, 0);
  return `${mutant.id} ${strategy}: found ${found.length}/${results.length}, runs ${runs || "-"}, ${(cpuMs / 1_000).toFixed(1)} s of CPU`;
}

function write(file: string, text: string, host: Host): void {
  try {
    writeFileAtomically(resolve(host.cwd, file), text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError({ what: `--markdown ${file}`, why: `cannot be written (${code})`, fix: "name another file" });
  }
}
