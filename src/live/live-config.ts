import { z } from "zod";
import type { Invariant } from "../invariants/invariant.ts";
import { programNames, type ProgramName } from "../serving/executable/settings.ts";
import type { ScenarioFile } from "../serving/scenario-file.ts";
import { faultFamilies, type FaultFamily } from "./planned-fault.ts";
import type { LiveClock } from "./faked-clock.ts";
import type { People } from "./people.ts";

/** What `stormlane live` starts, who works with it, and what must never happen: the default export of a module. */
export interface LiveConfig {
  /** The orchestrator: processes by name. */
  readonly processes: Readonly<Record<string, LiveProcess>>;
  /** What the fakes start with, as for `fakes serve`: a file beside the config, or the same in place. */
  readonly scenario?: string | ScenarioFile;
  /** Which process the board tells of changes, and where. */
  readonly webhook?: LiveWebhook;
  /** Programs that stand on PATH in front of all others. */
  readonly programs?: readonly ProgramName[];
  /** A folder beside the config; each run works in a fresh copy of it. Empty unless given. */
  readonly workspace?: string;
  /** The workspace, HOME and TMPDIR of each run on a disk of their own. Linux alone. */
  readonly disk?: LiveDisk;
  /** How the clocks of processes go, and with them that of the fakes. By libfaketime, on Linux alone. */
  readonly clock?: LiveClock;
  /** What people do meanwhile. */
  readonly people?: (people: People) => Promise<void>;
  /** Judges of the journal: of the board, models, programs and the lives of processes. */
  readonly invariants: readonly Invariant[];
  /** What may go wrong. All of it unless given; `disk` only with a disk that has a quota. */
  readonly faults?: readonly FaultFamily[];
  /** After this long without anything new, all that could come next is taken to be here. Default 20. */
  readonly settleMs?: number;
  /** Nothing is held longer, so that no client runs into a time limit of its own. Default 1,000 by the clock of processes. */
  readonly holdMsMax?: number;
  /** A run is over when people have done their part and the board has not changed for so long. Default 1,500. */
  readonly quietMs?: number;
  /** The longest run. Default 20,000. */
  readonly runMsMax?: number;
}

export interface LiveProcess {
  /** Program and arguments. Runs in the workspace of the run. */
  readonly command: readonly string[];
  /** Beside the addresses of the fakes, PATH, HOME, TMPDIR and LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** After a kill, or when it ends with another code than 0, it is started again so much later. Default 100. */
  readonly restartMs?: number;
  /** Its own, where it differs from that of the others. */
  readonly clock?: LiveClock;
}

export interface LiveDisk {
  /** What it holds: whole pages of 4 KiB, in memory. */
  readonly quotaBytes: number;
}

export interface LiveWebhook {
  /** It gets the port to listen on as WEBHOOK_PORT, and the token as WEBHOOK_TOKEN. */
  readonly process: string;
  /** Default `/webhook`. */
  readonly path?: string;
  /** Default `webhook`. */
  readonly token?: string;
  /** How long a call to the board waits for the receiver. Default 10,000. */
  readonly timeLimitMs?: number;
}

/** A config with all that was left out. */
export type LivePlan = Required<Pick<LiveConfig, "settleMs" | "holdMsMax" | "quietMs" | "runMsMax" | "faults">> &
  Omit<LiveConfig, "settleMs" | "holdMsMax" | "quietMs" | "runMsMax" | "faults">;

/** Ten years. */
const clockOffsetMsMax = 315_576_000_000;
const durationMs = z.int().min(1).max(3_600_000);
const invariant = z.custom<Invariant>(
  (value) => typeof value === "object" && value !== null && typeof (value as Partial<Invariant>).start === "function",
  "must be an invariant, as defineInvariant makes it",
);

const clock = z.strictObject({
  speed: z.number().min(0.1).max(100).optional(),
  offsetMs: z.int().min(-clockOffsetMsMax).max(clockOffsetMsMax).optional(),
  library: z.string().min(1).optional(),
});

const configSchema = z.strictObject({
  processes: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, "a process is named as poller or poller-2"),
      z.strictObject({
        command: z.array(z.string()).refine(([program]) => Boolean(program), "begins with a program"),
        env: z.record(z.string(), z.string()).optional(),
        restartMs: z.int().min(0).max(3_600_000).optional(),
        clock: clock.optional(),
      }),
    )
    .refine((processes) => Object.keys(processes).length > 0, "name at least one process")
    .refine((processes) => !("people" in processes || "board" in processes), "people and board are taken"),
  scenario: z.union([z.string().min(1), z.looseObject({})]).optional(),
  webhook: z
    .strictObject({
      process: z.string(),
      path: z.string().startsWith("/").optional(),
      token: z.string().optional(),
      timeLimitMs: durationMs.optional(),
    })
    .optional(),
  programs: z.array(z.enum(programNames)).optional(),
  workspace: z.string().min(1).optional(),
  disk: z
    .strictObject({
      quotaBytes: z.int().min(65_536, "64 KiB at least").max(268_435_456, "256 MiB at most: it is memory"),
    })
    .optional(),
  clock: clock.optional(),
  people: z.custom((value) => typeof value === "function", "must be a function").optional(),
  invariants: z.array(invariant).min(1, "without a rule nothing can be found"),
  faults: z.array(z.enum(faultFamilies)).optional(),
  settleMs: durationMs.optional(),
  holdMsMax: durationMs.optional(),
  quietMs: durationMs.optional(),
  runMsMax: durationMs.optional(),
});

export type ConfigReading =
  | { readonly kind: "ok"; readonly plan: LivePlan }
  /** Each with its place, as `processes.poller.command: …`. */
  | { readonly kind: "wrong"; readonly problems: readonly string[] };

/** Checks a config that somebody wrote, perhaps without an editor that knows types. */
export function readLiveConfig(value: unknown): ConfigReading {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    return {
      kind: "wrong",
      problems: parsed.error.issues.map((issue) => {
        const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
        return issue.path.length === 0 ? message : `${issue.path.join(".")}: ${message}`;
      }),
    };
  }
  const config = value as LiveConfig;
  const receiver = config.webhook?.process;
  if (receiver !== undefined && !(receiver in config.processes)) {
    return { kind: "wrong", problems: [`webhook.process: there is no process ${receiver}`] };
  }
  if (config.disk === undefined && config.faults?.includes("disk") === true) {
    return {
      kind: "wrong",
      problems: ["faults: disk needs a disk that can be full: disk: { quotaBytes: 16_777_216 }"],
    };
  }
  const plan: LivePlan = {
    settleMs: 20,
    holdMsMax: Math.max(holdMsMin, Math.round(1_000 / (config.clock?.speed ?? 1))),
    quietMs: 1_500,
    runMsMax: 20_000,
    faults: config.disk === undefined ? faultFamilies.filter((family) => family !== "disk") : faultFamilies,
    ...config,
  };
  return { kind: "ok", plan };
}

/** Less than this, and nothing could overtake anything. */
const holdMsMin = 50;
