import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { prepareFolder, writeFileAtomically } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { ownManifest, quoted } from "../own-package.ts";
import { configNames } from "../project/find-config.ts";
import { UsageError } from "../usage-error.ts";
import { mergeManifest, newManifest, type ManifestMerge } from "./manifest.ts";
import type { Answers } from "./questions.ts";
import { readKind, scaffoldKinds } from "./scaffold-kinds.ts";
import { scaffold, type ScaffoldFile } from "./scaffold.ts";

export interface InitFlags {
  readonly yes?: boolean;
  readonly kind?: string;
  /** `--no-ci`. */
  readonly ci?: boolean;
}

/** `stormlane init`: what a project needs to test its own orchestrator. Nothing that exists is overwritten. @returns the exit code */
export async function init(folderGiven: string | undefined, flags: InitFlags, host: Host): Promise<number> {
  const kind = flags.kind === undefined ? undefined : readKind(flags.kind);
  const asked = flags.yes === true ? defaults(folderGiven, flags) : await ask(folderGiven, flags, host);
  if (asked === undefined) {
    host.writeError("nothing was written\n");
    return exitCodes.interrupted;
  }
  const answers: Answers = { ...asked, kind: kind ?? asked.kind };
  const folder = resolve(host.cwd, answers.folder);
  refuseFile(folder, answers.folder);
  const manifest = mergedManifest(folder, answers);
  const files = scaffold(answers, manifest);
  refuseExisting(folder, answers.folder, files);
  const left = files.filter(({ path, isShared }) => isShared && existsSync(join(folder, path)));
  const written = files.filter((file) => !left.includes(file));
  // Where nothing can be written, nothing is begun.
  prepareFolder("init", folder);
  for (const { path, content } of written) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { flag: "wx" });
  }
  if (manifest.after !== manifest.before) writeFileAtomically(join(folder, "package.json"), manifest.after);
  host.writeOut(`${report({ answers, written, left, manifest }, host.cwd).join("\n")}\n`);
  return exitCodes.held;
}

function defaults(folderGiven: string | undefined, flags: InitFlags): Answers {
  return { kind: "ports", folder: folderGiven ?? ".", ci: flags.ci ?? true };
}

/** @returns undefined when somebody broke it off */
async function ask(folderGiven: string | undefined, flags: InitFlags, host: Host): Promise<Answers | undefined> {
  if (host.terminal?.keyboard === undefined) {
    throw new UsageError({
      what: "init without --yes",
      why: "there is no terminal to ask at",
      fix: "add --yes, and where need be --kind and --no-ci",
    });
  }
  const { askQuestions } = await import("./questions.ts");
  return askQuestions({
    ...(flags.kind === undefined ? {} : { kind: readKind(flags.kind) }),
    ...(folderGiven === undefined ? {} : { folder: folderGiven }),
    // commander says true where nothing was said.
    ...(flags.ci === false ? { ci: false } : {}),
  });
}

function refuseFile(folder: string, shown: string): void {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return;
  throw new UsageError({ what: shown, why: "is not a folder", fix: "name a folder" });
}

function refuseExisting(folder: string, shown: string, files: readonly ScaffoldFile[]): void {
  const own = files.filter(({ isShared }) => !isShared).map(({ path }) => path);
  const existing = [...new Set([...own, ...configNames])].filter((path) => existsSync(join(folder, path)));
  if (existing.length === 0) return;
  throw new UsageError({
    what: `init in ${shown}`,
    why: `${existing.length === 1 ? "this file is" : "these files are"} there already: ${existing.join(", ")}`,
    fix: "name another folder, or move them away: init overwrites nothing",
  });
}

/** The scripts and packages that the files need, in the `package.json` that is there, or in a new one. */
function mergedManifest(folder: string, { kind }: Answers): ManifestMerge {
  const path = join(folder, "package.json");
  const needs = { versions: neededVersions(), hasScenarios: kind === "ports" };
  if (!existsSync(path)) return newManifest(basename(folder), needs);
  const merge = mergeManifest(readFileSync(path, "utf8"), needs);
  if (typeof merge !== "string") return merge;
  throw new UsageError({ what: path, why: merge, fix: "mend it, or name a folder of its own for the tests" });
}

function neededVersions(): Readonly<Record<string, string>> {
  const { version, devDependencies } = ownManifest();
  const of = (name: string): Readonly<Record<string, string>> => ({ [name]: devDependencies[name] ?? "*" });
  return { stormlane: `^${version}`, ...of("vitest"), ...of("typescript"), ...of("@types/node") };
}

interface Done {
  readonly answers: Answers;
  readonly written: readonly ScaffoldFile[];
  readonly left: readonly ScaffoldFile[];
  readonly manifest: ManifestMerge;
}

function report({ answers: { kind, folder }, written, left, manifest }: Done, cwd: string): string[] {
  const isHere = relative(cwd, resolve(cwd, folder)) === "";
  const { firstSteps } = scaffoldKinds[kind];
  return [
    ...written.map(({ path }) => `wrote    ${path}`),
    ...left.map(({ path }) => `left     ${path} as it is`),
    ...(manifest.after === manifest.before ? [] : [`${manifest.before === "" ? "wrote  " : "changed"}  package.json`]),
    ...manifest.added.map((line) => `  + ${line}`),
    "",
    "Next:",
    ...[...(isHere ? [] : [`cd ${quoted(folder)}`]), "npm install", ...firstSteps].map((step) => `  ${step}`),
  ];
}
