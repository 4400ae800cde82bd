import { existsSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import { readJsonFile } from "../input-file.ts";
import { suggestName } from "../nearest-name.ts";
import { configNames } from "../project/find-config.ts";
import { serveOwnImports } from "../project/own-imports.ts";
import { projectMembers } from "../project/project-config.ts";
import { UsageError, type Mistake } from "../usage-error.ts";
import { readVariable, variables, type Environment } from "./environment.ts";
import { serveConfigSchema, type ServeConfig } from "./serve-config.ts";

export interface ConfigSources {
  readonly cwd: string;
  /** `--config`; else the first of `configNames` in the working folder; else the environment alone. */
  readonly file: string | undefined;
  readonly environment: Environment;
  /** By path, as `webhook.port`: they win over all else. `off` for a whole part switches it off. */
  readonly flags: Readonly<Record<string, string | number>>;
}

export type ConfigRead =
  | { readonly kind: "ok"; readonly config: ServeConfig; readonly origin: string }
  /** All of them, not only the first. */
  | { readonly kind: "wrong"; readonly mistakes: readonly Mistake[] };

const environmentOrigin = "the environment";

/**
 * Flags over environment over file over defaults. A module runs with all rights of this process.
 *
 * @throws UsageError when a file cannot be read at all
 */
export async function readServeConfig(sources: ConfigSources): Promise<ConfigRead> {
  const { cwd, environment, flags } = sources;
  const path = sources.file === undefined ? findConfig(cwd) : resolve(cwd, sources.file);
  const given = path === undefined ? {} : await loadFile(path);
  if (!isRecord(given)) {
    throw new UsageError({ what: String(path), why: "holds no object", fix: "give one; docs/serve.md has an example" });
  }
  // Parts that must be there are begun, so that each of their members is asked for by name.
  const value: Record<string, unknown> = { board: {}, model: {}, coder: {}, ...structuredClone(given) };
  // The same file may say how the project is tested.
  for (const member of projectMembers) delete value[member];
  if (isRecord(value["model"])) value["model"] = { models: {}, ...value["model"] };
  const origins = new Map<string, string>();
  for (const each of variables) {
    const text = environment[each.name];
    if (text === undefined || text === "") continue;
    place(value, each.path, readVariable(each, text));
    origins.set(each.path.join("."), each.name);
  }
  for (const [name, flag] of Object.entries(flags)) place(value, name.split("."), flag);
  const result = serveConfigSchema.safeParse(value);
  const origin = path ?? environmentOrigin;
  if (!result.success) {
    const mistakes = result.error.issues.flatMap((issue) => mistakesOf(issue, value, { origin, origins }));
    return { kind: "wrong", mistakes };
  }
  const base = path === undefined ? cwd : dirname(path);
  return { kind: "ok", config: withAbsolutePaths(result.data, base), origin };
}

function findConfig(cwd: string): string | undefined {
  return configNames.map((name) => join(cwd, name)).find((path) => existsSync(path));
}

async function loadFile(path: string): Promise<unknown> {
  if (extname(path) === ".json") return readJsonFile({ what: path, path, sizeBytesMax: 1_000_000 });
  if (!existsSync(path)) {
    throw new UsageError({ what: path, why: "does not exist", fix: "name a file that can be read, with --config" });
  }
  serveOwnImports();
  try {
    return ((await import(pathToFileURL(path).href)) as { readonly default?: unknown }).default;
  } catch (error) {
    const why = `cannot be loaded (${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)})`;
    throw new UsageError({ what: path, why, fix: "name a module that loads by itself" });
  }
}

/** `off` takes a part away; a member of a part that is off, or of none, begins it anew. */
function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = "", ...rest] = path;
  const last = rest.length === 1 && value === "off" && (head === "webhook" || head === "health");
  if (rest.length === 0 || last) {
    target[head] = value;
    return;
  }
  const inner = target[head];
  const part = isRecord(inner) ? inner : {};
  target[head] = part;
  place(part, rest, value);
}

interface Origins {
  readonly origin: string;
  /** By path: which variable gave it. */
  readonly origins: ReadonlyMap<string, string>;
}

function mistakesOf(issue: z.core.$ZodIssue, value: unknown, from: Origins): readonly Mistake[] {
  if (issue.code === "invalid_union") return issue.errors.length === 0 ? [] : unionMistakes(issue, value, from);
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const what = placeName(from, [...path, key]);
      return { what, why: "there is no such member", fix: suggestName(key, membersAt(path)) };
    });
  }
  const name = path.join(".");
  const variable = variables.find((each) => each.path.join(".") === name)?.name;
  const isMissing = valueAt(value, path) === undefined;
  return [
    {
      what: placeName(from, path),
      why: isMissing ? "is missing" : plain(issue.message),
      fix: isMissing ? howToGive(variable, from) : (descriptions.get(name) ?? "docs/serve.md lists what it may be"),
    },
  ];
}

function howToGive(variable: string | undefined, { origin }: Origins): string {
  const file = origin === environmentOrigin ? "write a stormlane.config.json with it" : "write it there";
  return variable === undefined ? file : `${file}, or set ${variable}`;
}

/** The alternative that is an object says what is wrong inside. */
function unionMistakes(issue: z.core.$ZodIssueInvalidUnion, value: unknown, from: Origins): readonly Mistake[] {
  const inner = issue.errors.at(isRecord(valueAt(value, issue.path.map(String))) ? -1 : 0) ?? [];
  return inner.flatMap((each) => mistakesOf({ ...each, path: [...issue.path, ...each.path] }, value, from));
}

function placeName({ origin, origins }: Origins, path: readonly string[]): string {
  const name = path.join(".");
  return `${origins.get(name) ?? origin}: ${name}`;
}

function plain(message: string): string {
  return message.replace(/^Invalid input: /, "").replace(/^(Too (?:small|big)): /, "$1: ");
}

const descriptions: ReadonlyMap<string, string> = new Map([
  ["board.url", "write it as https://board.example/jsonrpc.php"],
  ["board.token", "Kanboard shows it in its settings under API"],
  ["model.url", "write it as https://api.example, without /v1"],
  ["pollers", "set pollers to 1, or give webhook a token"],
  ["leaseTtlMs", "make it longer, or the time limits shorter"],
  ["webhook.token", "make up a longer one, and give it to the board as well"],
]);

function membersAt(path: readonly string[]): readonly string[] {
  let schema: unknown = serveConfigSchema;
  for (const name of ["", ...path]) {
    if (name !== "") schema = shapeOf(schema)?.[name];
  }
  return Object.keys(shapeOf(schema) ?? {});
}

/** Through defaults and unions. */
function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(schema)) return undefined;
  const { shape, def } = schema as { shape?: Record<string, unknown>; def?: Record<string, unknown> };
  if (isRecord(shape)) return shape;
  const options = def?.["options"];
  return shapeOf(def?.["innerType"] ?? (Array.isArray(options) ? options.at(-1) : undefined));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

function withAbsolutePaths(config: ServeConfig, base: string): ServeConfig {
  const { log, spans } = config;
  return {
    ...config,
    projectsFolder: resolve(base, config.projectsFolder),
    stateFolder: resolve(base, config.stateFolder),
    log: { ...log, ...(log.file === undefined ? {} : { file: resolve(base, log.file) }) },
    spans: spans === "off" ? spans : { ...spans, file: resolve(base, spans.file) },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
