import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { plainLine } from "../../report/plain-line.ts";
import { readJsonFile } from "../input-file.ts";
import type { FaultFamily, Seam } from "../../faults/fault.ts";
import { suggestName } from "../nearest-name.ts";
import { UsageError } from "../usage-error.ts";
import { faultNames, type WithoutFaults } from "./system-faults.ts";

/** What `--system` names, read and checked. */
export interface SystemConfig {
  /** Kebab-case: the name of its scenario. */
  readonly name: string;
  /** Absolute path of the file that was named. */
  readonly path: string;
  readonly processes: Readonly<Record<string, SystemProcess>>;
  readonly board: { readonly columns?: readonly string[]; readonly mandatoryFields?: boolean };
  /** Where the board sends its events, below `http://127.0.0.1:3000`. */
  readonly webhookPath: string;
  /** Rules of what the model, and the agents' programs, say. */
  readonly model: JsonValue | undefined;
  readonly agents: readonly JsonValue[] | undefined;
  /** What lies on the simulated disk beforehand: contents by path below the project. */
  readonly files: Readonly<Record<string, string>>;
  readonly faults: SystemFaults;
  readonly forMs: number;
  /** `none`: answers may come within the instant, so that every schedule can be run. */
  readonly latencies: "nominal" | "none";
}

/** What goes wrong around a system. */
export interface SystemFaults {
  readonly families: readonly FaultFamily[];
  readonly max: number;
  /** Whose operations they strike; those of all processes unless given. */
  readonly processes?: readonly string[] | undefined;
  /** Where they strike; anywhere unless given. */
  readonly seams?: readonly Seam[] | undefined;
  readonly without: WithoutFaults;
}

export interface SystemProcess {
  /** Absolute. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly startAfterMs: number;
}

const kebab = z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "must be in kebab-case");

const fileSchema = z.strictObject({
  name: kebab.optional(),
  processes: z.record(
    kebab,
    z.strictObject({
      entry: z.string().min(1),
      args: z.array(z.string()).default([]),
      env: z.record(z.string(), z.string()).default({}),
      startAfterMs: z.int().min(0).max(3_600_000).default(0),
    }),
  ),
  board: z
    .strictObject({
      columns: z.array(z.string().min(1)).min(1).exactOptional(),
      mandatoryFields: z.boolean().exactOptional(),
    })
    .default({}),
  webhookPath: z.string().startsWith("/").default("/webhook"),
  model: z.array(z.json()).optional(),
  agents: z.array(z.json()).optional(),
  files: z.array(z.string().min(1)).default([]),
  faults: z
    .strictObject({
      families: z
        .array(z.enum(["delivery", "board", "model", "disk", "program", "crash", "clock"]))
        .default(["delivery", "crash"]),
      max: z.int().min(0).max(20).default(2),
      processes: z.array(z.string()).min(1).optional(),
      seams: z
        .array(z.enum(["board", "model", "webhook", "service", "disk-read", "disk-write", "spawn", "clock"]))
        .min(1)
        .optional(),
      without: z
        .strictObject({
          board: z.array(z.string()).default([]),
          model: z.array(z.string()).default([]),
          program: z.array(z.string()).default([]),
        })
        .default({ board: [], model: [], program: [] }),
    })
    .prefault({}),
  forMs: z.int().min(1_000).max(3_600_000).default(60_000),
  latencies: z.enum(["nominal", "none"]).default("nominal"),
});

const configBytesMax = 1024 * 1024;
const codeExtensions: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs"]);

/**
 * A file of code stands for one process that runs it; a JSON file says which processes there are.
 *
 * @throws UsageError
 */
export function readSystemConfig(path: string): SystemConfig {
  const what = `--system ${relative(process.cwd(), path)}`;
  if (!existsSync(path) || !statSync(path).isFile()) {
    const why = existsSync(path) ? "is not a file" : "does not exist";
    throw new UsageError({ what, why, fix: "name the file that starts your orchestrator" });
  }
  if (extname(path) === ".json") return readConfigFile(path, what);
  if (!codeExtensions.has(extname(path))) {
    throw new UsageError({
      what,
      why: "is neither TypeScript or JavaScript nor JSON",
      fix: "name the file that starts your orchestrator, or a JSON file that lists its processes; other languages run with stormlane live",
    });
  }
  const { webhookPath, faults, forMs, latencies } = fileSchema.parse({ processes: {} });
  const name = kebabOf(basename(path, extname(path)));
  return {
    name,
    path,
    processes: { [name]: { entry: path, args: [], env: {}, startAfterMs: 0 } },
    board: {},
    webhookPath,
    model: undefined,
    agents: undefined,
    files: {},
    faults,
    forMs,
    latencies,
  };
}

function readConfigFile(path: string, what: string): SystemConfig {
  const value = readJsonFile({ what, path, sizeBytesMax: configBytesMax });
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: place, message }) => `${place.join(".") || "it"}: ${message}`);
    throw new UsageError({
      what,
      why: plainLine(problems.join("; "), 600),
      fix: "see docs/in-process.md for its members",
    });
  }
  const { name, processes, board, webhookPath, model, agents, files, faults, forMs, latencies } = parsed.data;
  const folder = dirname(path);
  if (Object.keys(processes).length === 0) {
    throw new UsageError({
      what,
      why: "processes: names none",
      fix: `write "processes": {"poller": {"entry": "./poller.ts"}}`,
    });
  }
  refuseFaults(faults, Object.keys(processes), what);
  for (const [each, { entry }] of Object.entries(processes)) {
    if (each === "people") {
      throw new UsageError({
        what,
        why: "processes.people: people have a process of that name",
        fix: "use another name",
      });
    }
    if (!existsSync(resolve(folder, entry))) {
      throw new UsageError({
        what,
        why: `processes.${each}.entry: there is no ${entry}`,
        fix: "write it relative to this file",
      });
    }
  }
  return {
    name: name ?? kebabOf(basename(path, ".json")),
    path,
    processes: Object.fromEntries(
      Object.entries(processes).map(([each, process]) => [each, { ...process, entry: resolve(folder, process.entry) }]),
    ),
    board,
    webhookPath,
    model,
    agents,
    files: Object.fromEntries(
      files.map((file) => [file.replace(/^\.\//, ""), readText(join(folder, file), `${what}: files: ${file}`)]),
    ),
    faults,
    forMs,
    latencies,
  };
}

/** Names that nobody knows would leave out nothing, and say nothing. */
function refuseFaults({ families, processes, without }: SystemFaults, names: readonly string[], what: string): void {
  const stranger = processes?.find((each) => !names.includes(each));
  if (stranger !== undefined) {
    const why = `faults.processes: there is no ${plainLine(stranger, 60)}`;
    throw new UsageError({ what, why, fix: suggestName(stranger, names) });
  }
  for (const family of ["board", "model", "program"] as const) {
    const left = without[family];
    const known = faultNames[family];
    const unknown = left.find((each) => !known.includes(each));
    const place = `faults.without.${family}`;
    if (unknown !== undefined) {
      const why = `${place}: there is no ${plainLine(unknown, 60)}`;
      throw new UsageError({ what, why, fix: suggestName(unknown, known) });
    }
    if (left.length > 0 && !families.includes(family)) {
      const why = `${place}: the family ${family} is not among faults.families, so there is nothing to leave out`;
      throw new UsageError({ what, why, fix: "add the family, or leave this out" });
    }
    // Of programs, that they do not start at all remains.
    if (family !== "program" && known.every((each) => left.includes(each))) {
      throw new UsageError({
        what,
        why: `${place}: leaves nothing of the family`,
        fix: `leave ${family} out of faults.families`,
      });
    }
  }
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = `cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`;
    throw new UsageError({ what, why, fix: "name files relative to the config" });
  }
}

function kebabOf(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
  const kebabName = words.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^[^a-z]+|-+$/g, "");
  return kebabName === "" || kebabName === "people" ? "orchestrator" : kebabName;
}
