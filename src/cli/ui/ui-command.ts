import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LedgerError } from "../../campaign/ledger/ledger-error.ts";
import { installGuards } from "../../kernel/guards.ts";
import type { MutantsPart } from "../../report/campaign-page/campaign-document.ts";
import { plainLine } from "../../report/plain-line.ts";
import { prepareFolder } from "../atomic-file.ts";
import { loadCatalogue, type Catalogue } from "../catalogue.ts";
import { codeHash } from "../code-hash.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { readInteger } from "../option-values.ts";
import { quoted, replayCommand } from "../own-package.ts";
import { ledgerFileOf, outFolderOf } from "../run-settings.ts";
import { UsageError } from "../usage-error.ts";
import { CampaignReader, type FoundFailure, type ReplayOfFailure } from "./campaign-reader.ts";
import { mutantOf } from "./failure-viewer.ts";
import { readMutants } from "./mutants-file.ts";
import { failuresFolder, fileLinks, writePageFiles } from "./page-files.ts";
import { readProfile } from "./profile-file.ts";
import { startUiServer } from "./ui-server.ts";

export interface UiFlags {
  readonly ledger?: string;
  readonly port?: string;
  readonly html?: string;
  readonly mutants?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** `stormlane ui`: a local page over a ledger, until it is interrupted; or the page in a file. @returns the exit code */
export async function ui(flags: UiFlags, host: Host): Promise<number> {
  const port = readPort(flags);
  const profile =
    flags.profile === undefined
      ? undefined
      : readProfile(`--profile ${flags.profile}`, resolve(host.cwd, flags.profile), flags.profile);
  if (flags.html !== undefined) prepareFolder("--html", dirname(resolve(host.cwd, flags.html)));
  installGuards();
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const mutants = readMutantsOf(flags, catalogue, host);
  const ledgerFile = flags.ledger ?? ledgerFileOf(catalogue, host.cwd);
  const presentCode = await codeHash(host.catalogueUrl);
  const replayOf = (found: FoundFailure): ReplayOfFailure => replayOfFailure(found, flags.html, presentCode, host);
  try {
    const reader = new CampaignReader({
      ledgerFile,
      ledgerPath: resolve(host.cwd, ledgerFile),
      presentCode,
      catalogue,
      mutants,
      profile,
      linksOf: (id) =>
        flags.html === undefined
          ? { viewer: `failure/${id}`, repro: `failure/${id}/repro.json` }
          : fileLinks(flags.html, id),
      replayOf,
    });
    try {
      return await show({ flags, port, host, reader, catalogue, replayOf });
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    if (!error.isDamage && error.kind === "unusable")
      throw new UsageError({ what: `--ledger ${ledgerFile}`, ...error });
    host.writeError(`stormlane: ${error.message}\n`);
    return exitCodes.broken;
  }
}

interface Showing {
  readonly flags: UiFlags;
  readonly port: number;
  readonly host: Host;
  readonly reader: CampaignReader;
  readonly catalogue: Catalogue;
  readonly replayOf: (failure: FoundFailure) => ReplayOfFailure;
}

async function show({ flags, port, host, reader, catalogue, replayOf }: Showing): Promise<number> {
  if (flags.json === true) {
    host.writeOut(`${JSON.stringify(reader.read(new Date()))}\n`);
    return exitCodes.held;
  }
  if (flags.html !== undefined) return write(flags.html, { host, reader, catalogue, replayOf });
  const listener = await startUiServer({ port, reader, catalogue, replayOf });
  const interruption = host.takeInterruptions();
  host.writeOut(`campaign page  http://127.0.0.1:${listener.port}/\n\nCtrl-C ends it.\n`);
  if (!interruption.aborted) {
    await new Promise((stopped) => interruption.addEventListener("abort", stopped, { once: true }));
  }
  await listener.close();
  return exitCodes.held;
}

async function write(
  html: string,
  { host, ...showing }: Pick<Showing, "host" | "reader" | "catalogue" | "replayOf">,
): Promise<number> {
  const interrupted = host.takeInterruptions();
  let toldAtMs = performance.now();
  const viewers = await writePageFiles({
    ...showing,
    htmlPath: resolve(host.cwd, html),
    interrupted,
    onProblem: (text) => host.writeError(`stormlane: no viewer for ${plainLine(text, problemLengthMax)}\n`),
    onProgress: (written, total) => {
      if (performance.now() < toldAtMs + tellAgainMs) return;
      toldAtMs = performance.now();
      host.writeError(`viewer ${written} of ${total}\n`);
    },
  });
  const beside = viewers === 0 ? "" : `, and ${viewers} of its failures in ${failuresFolder(html)}`;
  host.writeOut(`campaign page in ${html}${beside}\n`);
  return interrupted.aborted ? exitCodes.interrupted : exitCodes.held;
}

const tellAgainMs = 5_000;
const problemLengthMax = 400;

function readPort({ port, html, json }: UiFlags): number {
  const given = [
    ...(port === undefined ? [] : ["--port"]),
    ...(html === undefined ? [] : ["--html"]),
    ...(json === true ? ["--json"] : []),
  ];
  if (given.length > 1) {
    throw new UsageError({
      what: given.join(" and "),
      why: "each asks for something else: to serve the page, to write it, to print its document",
      fix: "use one of them",
    });
  }
  return readInteger("--port", port ?? "0", { min: 0, max: 65_535 });
}

/** The file that is named, or where a matrix is usually kept. */
function readMutantsOf({ mutants }: UiFlags, catalogue: Catalogue, { cwd }: Host): MutantsPart | undefined {
  const usual = [join(outFolderOf(catalogue, cwd), "mutants.json"), "reports/evidence/mutants.json"];
  const file = mutants ?? usual.find((each) => existsSync(join(cwd, each)));
  return file === undefined ? undefined : readMutants(`--mutants ${file}`, resolve(cwd, file), file);
}

/** By its file where there is one. A seed stands for the case as it was found, and for no case of other code. */
function replayOfFailure(
  { id, target, recorded }: FoundFailure,
  html: string | undefined,
  presentCode: string,
  host: Host,
): ReplayOfFailure {
  const hasCase = recorded.case !== undefined;
  if (html !== undefined && hasCase) {
    return { command: replayCommand(host, join(failuresFolder(html), `${id}.json`), true), needsRepro: false };
  }
  if (hasCase && (target.code !== presentCode || target.variant.includes("+"))) {
    return { command: replayCommand(host, `${id}.json`, true), needsRepro: true };
  }
  const mutant = mutantOf(target.variant);
  const strategy = target.strategy === "portfolio" ? "" : ` --strategy ${target.strategy}`;
  const withMutant = mutant === "" ? "" : ` --mutant ${quoted(mutant)}`;
  const command = replayCommand(host, `${target.scenario}:${recorded.failure.seed}`, false);
  return { command: `${command}${strategy}${withMutant}`, needsRepro: false };
}
