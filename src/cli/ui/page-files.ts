import { basename, join } from "node:path";
import { campaignPage } from "../../report/campaign-page/campaign-page.ts";
import { messagePage } from "../../report/campaign-page/message-page.ts";
import { prepareFolder, writeFileAtomically } from "../atomic-file.ts";
import type { Catalogue } from "../catalogue.ts";
import { writeRepro, type Repro } from "../repro-file.ts";
import { UsageError } from "../usage-error.ts";
import type { CampaignReader, FoundFailure, ReplayOfFailure } from "./campaign-reader.ts";
import { failureViewer, reproOf } from "./failure-viewer.ts";

/** Where the viewers and repro files of a page go that stands in a file. */
export function failuresFolder(htmlFile: string): string {
  return `${htmlFile}.failures`;
}

/** As the page names them, relative to itself. */
export function fileLinks(htmlFile: string, id: string): { readonly viewer: string; readonly repro: string } {
  const folder = encodeURIComponent(basename(failuresFolder(htmlFile)));
  return { viewer: `${folder}/${id}.html`, repro: `${folder}/${id}.json` };
}

export interface PageFilesOptions {
  readonly htmlPath: string;
  readonly reader: CampaignReader;
  readonly catalogue: Catalogue;
  readonly replayOf: (failure: FoundFailure) => ReplayOfFailure;
  /** A viewer could not be made; its file says why. */
  readonly onProblem: (text: string) => void;
  /** So many viewers are written. Each takes some forty runs. */
  readonly onProgress: (written: number, total: number) => void;
  /** Of viewers that are not made yet then, the files say so. */
  readonly interrupted: AbortSignal;
}

/** Writes the page, and beside it a viewer and a repro file for each failure that left a case. @returns how many viewers */
export async function writePageFiles(options: PageFilesOptions): Promise<number> {
  const { htmlPath, reader, onProgress } = options;
  const { document, failures } = reader.readWithFailures(new Date());
  const folder = failuresFolder(htmlPath);
  const withCase = failures.flatMap((found) => {
    const repro = reproOf(found);
    return repro === undefined ? [] : [{ found, repro }];
  });
  writePage(htmlPath, campaignPage(document, { isLive: false }));
  if (withCase.length > 0) prepareFolder("--html", folder);
  for (const [index, { found, repro }] of withCase.entries()) {
    writeRepro(join(folder, `${found.id}.json`), repro);
    const viewer = await viewerOrReason(options, found, repro);
    writePage(join(folder, `${found.id}.html`), viewer);
    onProgress(index + 1, withCase.length);
  }
  return withCase.length;
}

/** A failure that cannot be replayed any more has a page that says so. */
async function viewerOrReason(
  { catalogue, replayOf, onProblem, htmlPath, interrupted }: PageFilesOptions,
  found: FoundFailure,
  repro: Repro,
): Promise<string> {
  const page = `../${encodeURIComponent(basename(htmlPath))}`;
  if (interrupted.aborted) {
    return messagePage(
      "This was not made",
      "Writing was interrupted before it: the same command makes all of them.",
      page,
    );
  }
  try {
    return await failureViewer({ found, repro, replayCommand: replayOf(found).command, catalogue });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    onProblem(error.message);
    return messagePage("This cannot be shown", error.message, page);
  }
}

function writePage(path: string, text: string): void {
  try {
    writeFileAtomically(path, text);
  } catch (error) {
    const why = `cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`;
    throw new UsageError({ what: `--html ${path}`, why, fix: "name a file in a folder that can be written to" });
  }
}
