import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import { laneOfStage, stageGates, stages } from "./stages.ts";
import { judgeArtifacts, type Contents, type JudgedArtifact, type WorkPackage } from "./work-package.ts";

/** What is shown of a package: follows from its events and from what stands in its workspace, and from nothing else. */
export interface PackageStatus {
  readonly reference: string;
  readonly title: string;
  readonly stage: string;
  readonly lane: number;
  readonly artifacts: readonly JudgedArtifact[];
  /** What the package waits for before it may go on. */
  readonly next: string;
  /** Why the last transition that was asked for did not take place. */
  readonly refused: { readonly to: string; readonly causes: readonly string[] } | undefined;
  /** What is wrong with its files. */
  readonly problems: readonly string[];
  readonly sequence: number;
  readonly atMs: number;
}

/** @param damaged names of event files that say nothing any more */
export function statusOf(work: WorkPackage, contents: Contents, damaged: readonly string[]): PackageStatus {
  const { reference, title, stage, refusal, sequence, atMs } = work;
  return {
    reference,
    title,
    stage,
    lane: laneOfStage(stage),
    artifacts: judgeArtifacts(work, contents),
    next: nextStep(work),
    refused: refusal === undefined ? undefined : { to: refusal.to, causes: refusal.causes },
    problems: [...work.problems, ...damaged.map((name) => `approvals/${name} cannot be read`)],
    sequence,
    atMs,
  };
}

function nextStep({ stage }: WorkPackage): string {
  if (stage === stages.at(-1)) return "nothing: it is done";
  const gate = stageGates.find((each) => each.stage === stage);
  if (gate === undefined) return "an advance";
  return gate.asks === "approval" ? `an approval of the ${gate.kind} artifacts` : `${gate.kind} artifacts`;
}

/** For `status.json`. */
export function statusDocument({ artifacts, refused, ...status }: PackageStatus): JsonObject {
  return {
    version: 1,
    ...status,
    artifacts: artifacts.map((each) => ({ ...each })),
    refused: refused === undefined ? null : { ...refused },
  };
}

/** For the `README.md` of one package. */
export function packagePage(status: PackageStatus): string {
  const { reference, title, stage, lane, artifacts, next, refused, problems } = status;
  const lines = [
    `# ${plain(reference)}: ${plain(title)}`,
    "",
    `Stage: ${stage} (lane ${lane} of ${stages.length}). It waits for ${next}.`,
    "",
  ];
  if (refused !== undefined) {
    lines.push(`Refused: the way to ${refused.to}, because ${refused.causes.map(plain).join("; ")}.`, "");
  }
  lines.push("| artifact | kind | state | why | content |", "|---|---|---|---|---|");
  for (const { path, kind, state, why, hash } of artifacts) {
    lines.push(`| ${plain(path)} | ${kind} | ${state} | ${plain(why)} | ${hash.slice(0, 16)} |`);
  }
  if (artifacts.length === 0) lines.push("| none yet | | | | |");
  if (problems.length > 0) lines.push("", "Problems:", "", ...problems.map((each) => `- ${plain(each)}`));
  return `${lines.join("\n")}\n`;
}

/** One row of the index: what the `status.json` of a package says, or why it says nothing. */
export type IndexEntry =
  | { readonly kind: "package"; readonly folder: string; readonly shown: ShownStatus }
  | { readonly kind: "unreadable"; readonly folder: string; readonly why: string };

export interface ShownStatus {
  readonly document: JsonObject;
  readonly reference: string;
  readonly title: string;
  readonly stage: string;
  readonly next: string;
}

/** @returns undefined when the text is no status of this schema */
export function parseStatus(text: string): ShownStatus | undefined {
  let document: JsonValue;
  try {
    document = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(document) || document["version"] !== 1) return undefined;
  const { reference, title, stage, next } = document;
  if (typeof reference !== "string" || typeof title !== "string") return undefined;
  if (typeof stage !== "string" || typeof next !== "string") return undefined;
  return { document, reference, title, stage, next };
}

/** For `index.json`. */
export function indexDocument(entries: readonly IndexEntry[]): JsonObject {
  const packages = entries.map((entry) =>
    entry.kind === "package"
      ? { folder: entry.folder, ...entry.shown.document }
      : { folder: entry.folder, why: entry.why },
  );
  return { version: 1, packages };
}

/** For the `README.md` over all packages. */
export function indexPage(entries: readonly IndexEntry[]): string {
  const lines = ["# Work packages", "", "| card | title | stage | waits for | notice |", "|---|---|---|---|---|"];
  for (const entry of entries) {
    if (entry.kind === "unreadable") {
      lines.push(`| ${entry.folder} | | | | ${plain(entry.why)} |`);
      continue;
    }
    const { reference, title, stage, next, document } = entry.shown;
    const { problems, refused } = document;
    const notices = [
      ...(isJsonObject(refused) ? ["a transition was refused"] : []),
      ...(Array.isArray(problems) && problems.length > 0 ? ["its files are damaged"] : []),
    ];
    const link = `[${plain(reference)}](${entry.folder}/dashboard/README.md)`;
    const cells = [link, plain(title), plain(stage), plain(next), notices.join("; ")];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  if (entries.length === 0) lines.push("| none yet | | | | |");
  return `${lines.join("\n")}\n`;
}

/** Text of people and models must neither leave its cell nor be read as markup. */
function plain(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]/g, " ")
    .replaceAll(/[\\`*_[\]<>|#]/g, (char) => `\\${char}`);
}
