import { type Job, type Permissions, type Step, type Workflow } from "./workflow.ts";

/** What must hold of a workflow. @returns a line for each place where it does not, with the name of the lane */
export type Rule = (workflow: Workflow) => string[];

type Rules = Readonly<Record<string, Rule>>;

/** What every change must pass. More may be there; none of these may go, or get another name. */
export const requiredLanes: readonly string[] = [
  "fence",
  "unit",
  "contract",
  "scenarios",
  "adversarial",
  "clients",
  "determinism",
  "redis",
  "known-bugs",
  "examples",
  "terminal",
  "browser",
  "docs",
  "package",
  "newcomer",
  "bench",
  "review",
  "limits",
  "comment",
];

/** The lanes that there were first: a repository whose settings require them would wait for a missing one forever. */
const firstLanes: readonly string[] = ["fence", "unit", "contract", "clients", "scenarios", "determinism", "package"];

/** Jobs that may do more than read the repository. They run no code of it, nor of packages. */
const allowances: Readonly<Record<string, Permissions>> = {
  comment: { "pull-requests": "write" },
  publish: { "id-token": "write" },
};

const minutesMax = 120;

export const rulesOfAll: Rules = {
  "may only read the repository, but for jobs that run none of its code": ({ permissions, jobs }) => [
    ...(isSame(permissions, { contents: "read" }) ? [] : ["the workflow has other permissions than contents: read"]),
    ...inJobs(jobs, (job, name) => {
      if (job.permissions === undefined) return [];
      if (!isSame(job.permissions, allowances[name])) return [`may do ${JSON.stringify(job.permissions)}`];
      return job.steps.filter(runsCode).map((step) => `runs code with more than the right to read: ${titleOf(step)}`);
    }),
  ],

  "pins its images": ({ jobs }) =>
    inJobs(jobs, ({ runsOn }) =>
      runsOn.filter((label) => !/^ubuntu-\d\d\.\d\d$/.test(label)).map((label) => `${label} is no pinned image`),
    ),

  "limits the time of every job": ({ jobs }) =>
    inJobs(jobs, ({ timeoutMinutes = Number.POSITIVE_INFINITY }) =>
      timeoutMinutes <= minutesMax ? [] : [`has no limit of ${minutesMax} minutes or less`],
    ),

  "lets nothing fail unseen": ({ jobs }) =>
    inJobs(jobs, (job) => [
      ...[job, ...job.steps].filter((it) => it.continueOnError !== undefined).map(() => "has continue-on-error"),
      ...job.steps.filter(hidesFailure).map((step) => `hides a failure: ${titleOf(step)}`),
    ]),

  "puts no text from outside into a shell": ({ jobs }) =>
    inJobs(jobs, ({ steps }) =>
      steps.filter(({ run = "" }) => run.includes("${{")).map((step) => `has an expression in: ${titleOf(step)}`),
    ),

  "keeps no token in the checkout": ({ jobs }) =>
    inJobs(jobs, ({ steps }) =>
      steps
        .filter((step) => isAction(step, "checkout") && step.with["persist-credentials"] !== false)
        .map(() => "keeps the token in the checkout"),
    ),

  "gives strangers' code no rights of the repository": ({ on }) =>
    ["pull_request_target", "workflow_run", "issue_comment"]
      .filter((trigger) => Object.hasOwn(on, trigger))
      .map((trigger) => `starts by ${trigger}`),
};

/** Of what is run for each change, and at night. */
export const rulesOfLanes: Rules = {
  "runs the fence first, and everything else after it": ({ jobs }) => {
    const fence = jobs.get("fence");
    if (fence === undefined) return ["fence: is not there"];
    return [
      ...(fence.needs.length === 0 && fence.if === undefined ? [] : ["fence: waits for something"]),
      ...["npm run check", "npm run canary"]
        .filter((check) => !commandsOf(fence).some((command) => command.startsWith(check)))
        .map((check) => `fence: does not run ${check}`),
      ...inJobs(jobs, ({ needs }, name) => (name === "fence" || needs[0] === "fence" ? [] : ["needs no fence first"])),
    ];
  },

  "runs every lane": ({ jobs }) =>
    inJobs(jobs, (job, name) => [
      ...(job.if === undefined || Object.hasOwn(allowances, name) ? [] : [`runs only if ${job.if}`]),
      ...(runsCommand(job, /--passWithNoTests/) ? ["passes with no tests"] : []),
    ]),

  "keeps the reports of every lane, whatever its result": ({ jobs }) =>
    inJobs(jobs, ({ steps }) => {
      const kept = steps.at(-1)!;
      const isKept = isAction(kept, "upload-artifact") && kept.if === "always()" && kept.with["path"] === "reports/out";
      const isWritten = steps
        .slice(0, -1)
        .some(({ run = "", with: { path } }) => run.includes("reports/out") || path === "reports/out");
      return [
        ...(isKept ? [] : ["does not keep reports/out at its end"]),
        ...(isKept && kept.with["if-no-files-found"] !== "error" ? ["does not fail where there is no report"] : []),
        ...(isWritten ? [] : ["writes nothing to reports/out"]),
      ];
    }),

  "takes actions of GitHub alone, by their major version": ({ jobs }) =>
    inJobs(jobs, ({ steps }) =>
      steps.flatMap(({ uses }) => (uses === undefined || /^actions\/[a-z-]+@v\d+$/.test(uses) ? [] : [`uses ${uses}`])),
    ),
};

export const rulesOfChanges: Rules = {
  "has every lane that a change must pass": ({ jobs }) =>
    [...new Set([...requiredLanes, ...firstLanes])]
      .filter((name) => !jobs.has(name))
      .map((name) => `${name}: is not there`),

  "starts by every change, whatever it touches": ({ on }) => [
    ...(isSame(on["push"], { branches: ["main"] }) ? [] : ["does not start by every push to main"]),
    ...(isSame(on["pull_request"], {}) ? [] : ["does not start by every pull request"]),
  ],

  "leaves no test to nobody": ({ jobs }) => {
    const commands = [...jobs.values()].flatMap(commandsOf);
    const excluded = commands.flatMap((command) =>
      [...command.matchAll(/--exclude[ =]"([^"]+)\/\*\*"/g)].map((match) => match[1]!),
    );
    return excluded
      .filter((folder) => !commands.some((command) => foldersRunBy(command).includes(folder)))
      .map((folder) => `${folder}: is left out by one lane, and run by none`);
  },

  "compares what is frozen": ({ jobs }) => {
    const contract = jobs.get("contract");
    const isCompared = contract !== undefined && runsCommand(contract, /^npm run frozen -- --check$/);
    return isCompared ? [] : ["contract: does not compare what is frozen"];
  },

  "counts the tests that are left out": ({ jobs }) => {
    const unit = jobs.get("unit");
    const isCounted = unit !== undefined && runsCommand(unit, /^npm run skips -- /);
    return isCounted ? [] : ["unit: does not count the tests that it leaves out"];
  },

  "gates by the figures that no machine blurs, and tells of all of them": ({ jobs }) => {
    const { bench, comment } = { bench: jobs.get("bench"), comment: jobs.get("comment") };
    if (bench === undefined || comment === undefined) return [];
    return [
      ...(runsCommand(bench, /npm run stormlane -- bench --out /) ? [] : ["bench: measures nothing"]),
      ...(runsCommand(bench, /--gate/) ? ["bench: gates by the wall clock"] : []),
      ...(runsCommand(bench, /bench report .*--to summary/) ? [] : ["bench: does not show its tables"]),
      ...(comment.needs.includes("bench") && comment.if?.includes("!cancelled()") === true
        ? []
        : ["comment: is silent when the figures are bad"]),
    ];
  },
};

export const rulesOfNights: Rules = {
  "starts by the clock in UTC, and by hand": ({ on }) => {
    const schedule = (on["schedule"] ?? []) as readonly { readonly cron?: string; readonly timezone?: string }[];
    const isDaily = schedule.length === 1 && /^\d{1,2} \d{1,2} \* \* \*$/.test(schedule[0]!.cron ?? "");
    return [
      ...(isDaily && schedule[0]!.timezone === undefined ? [] : ["starts at no fixed time of the day in UTC"]),
      ...(Object.hasOwn(on, "workflow_dispatch") ? [] : ["cannot be started by hand"]),
    ];
  },

  "runs new seeds, and many": ({ jobs }) => {
    const campaign = jobs.get("campaign");
    const { SEEDS = "", RUN = "" } = campaign?.env ?? {};
    const seeds = Number(/'(\d+)'/.exec(SEEDS)?.[1] ?? 0);
    return [
      ...(seeds >= 20_000 ? [] : ["campaign: runs fewer than 20,000 seeds"]),
      ...(RUN.includes("github.run_number") ? [] : ["campaign: runs the same seeds each night"]),
      ...(campaign !== undefined && runsCommand(campaign, /--first-seed \S*\$\(\(RUN \* SEEDS\)\)/)
        ? []
        : ["campaign: runs seeds of the night before"]),
    ];
  },

  "runs the properties over other cases each night": ({ jobs }) => {
    const properties = jobs.get("properties");
    if (properties === undefined) return ["properties: is not there"];
    return [
      ...(runsCommand(properties, /^npm test\b/) ? [] : ["properties: does not run the tests"]),
      ...(properties.env["STORMLANE_PROPERTY_SEED"]?.includes("github.run_number") === true
        ? []
        : ["properties: runs the same cases each night"]),
    ];
  },

  "gates by the wall clock too, as on a small machine": ({ jobs }) => {
    const bench = jobs.get("bench");
    if (bench === undefined) return ["bench: is not there"];
    return [
      ...(runsCommand(bench, /npm run stormlane -- bench --gate\b/) ? [] : ["bench: does not gate"]),
      ...(runsCommand(bench, /npm run stormlane -- bench beside \S+ --gate\b/)
        ? []
        : ["bench: does not gate by the code of the day before, on the same machine"]),
      ...(bench.env["STORMLANE_FORCE_CPUS"] === "2" ? [] : ["bench: takes as many processors as there are"]),
    ];
  },
};

/** @param partsOfProof all that `npm run proof` can do */
export function rulesOfProof(partsOfProof: readonly string[]): Rules {
  /** A million of seeds that are the same each night: those of the campaign are new. */
  const nightly = partsOfProof.filter((part) => part !== "million");
  return {
    "proves everything that the project says of itself": ({ jobs }) => {
      const proof = jobs.get("proof");
      if (proof === undefined) return ["proof: is not there"];
      const parts = (proof.matrix?.["part"] ?? []) as readonly string[];
      return [
        ...nightly.filter((part) => !parts.includes(part)).map((part) => `proof: leaves out ${part}`),
        ...parts.filter((part) => !nightly.includes(part)).map((part) => `proof: ${part} is no part of it`),
        ...(proof.failFast ? ["proof: stops all parts when one fails"] : []),
      ];
    },
  };
}

export const rulesOfRelease: Rules = {
  "starts by a release alone": ({ on }) =>
    isSame(on, { release: { types: ["published"] } }) ? [] : ["starts by more than a release"],

  "publishes what was checked, with provenance, and without a token": ({ jobs }) => {
    const { pack, publish } = { pack: jobs.get("pack"), publish: jobs.get("publish") };
    if (pack === undefined || publish === undefined) return ["pack, publish: one is not there"];
    const checks = ["npm run check", "npm test", "npm run test:package"];
    const commands = commandsOf(publish);
    const isOnlyPublishing =
      commands.length === 1 && /^npm publish \S+\.tgz --provenance .*--ignore-scripts$/.test(commands[0]!);
    const given = [publish.env, ...publish.steps.map(({ env }) => env)].flatMap((env) => Object.keys(env));
    return [
      ...checks.filter((check) => !commandsOf(pack).includes(check)).map((check) => `pack: does not run ${check}`),
      ...(isSame(publish.needs, ["pack"]) ? [] : ["publish: does not wait for the package"]),
      ...(isOnlyPublishing ? [] : ["publish: does not publish with provenance alone"]),
      ...given.map((name) => `publish: is given ${name}`),
    ];
  },

  "takes actions of GitHub alone, by their commit": ({ jobs }) =>
    inJobs(jobs, ({ steps }) =>
      steps.flatMap(({ uses }) =>
        uses === undefined || /^actions\/[a-z-]+@[0-9a-f]{40}$/.test(uses) ? [] : [`uses ${uses}`],
      ),
    ),
};

/** @param scripts of package.json @param flags of each command of the command line, as `--seeds` */
export function rulesOfScripts(scripts: ReadonlySet<string>, flags: ReadonlyMap<string, ReadonlySet<string>>): Rules {
  return {
    "calls only scripts, commands and flags that there are": ({ jobs }) =>
      inJobs(jobs, (job) => {
        const text = commandsOf(job).join("\n");
        const called = [...text.matchAll(/\bnpm (?:run )?(?:-s )?((?<=run (?:-s )?)\w[\w:-]*|start|test)/g)].map(
          (match) => match[1]!,
        );
        const lines = [
          ...text.matchAll(/\b(?:npm run (?:-s )?stormlane --|npx stormlane|npm (?=start --)) ?([\w-]+)(.*)/g),
        ];
        return [
          ...called.filter((script) => !scripts.has(script)).map((script) => `calls the script ${script}`),
          ...lines.flatMap(([, command = "run", rest = ""]) =>
            unknownIn(command === "start" ? "run" : command, rest, flags),
          ),
        ].map((call) => `${call}, which there is not`);
      }),
  };
}

function unknownIn(name: string, rest: string, flags: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ofGroup = `${name} ${rest.trim().split(" ")[0]}`;
  const command = flags.has(ofGroup) ? ofGroup : name;
  const known = flags.get(command);
  if (known === undefined) return [`calls the command ${command}`];
  const given = rest.match(/(?<=\s)--[\w-]+/g) ?? [];
  return given.filter((flag) => !known.has(flag)).map((flag) => `gives ${command} ${flag}`);
}

function inJobs(jobs: Workflow["jobs"], rule: (job: Job, name: string) => string[]): string[] {
  return [...jobs].flatMap(([name, job]) => rule(job, name).map((problem) => `${name}: ${problem}`));
}

function commandsOf(job: Job): string[] {
  return job.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
}

function runsCommand(job: Job, pattern: RegExp): boolean {
  return commandsOf(job).some((command) => pattern.test(command));
}

/** Folders that a command names for vitest; those of `npm run contract` stand in package.json. */
function foldersRunBy(command: string): readonly string[] {
  if (/^npm run contract\b/.test(command)) return ["test/contracts", "test/fakes"];
  if (/^npm run check\b/.test(command)) return ["test/architecture"];
  const named = /^npm test -- ((?:test\/\S+ )+)/.exec(command)?.[1] ?? "";
  return named.split(" ").filter(Boolean);
}

function runsCode(step: Step): boolean {
  return (
    isAction(step, "checkout") || /\bnpm (ci|i|install|test|run|exec|start)\b|\bnpx\b|\bnode\b/.test(step.run ?? "")
  );
}

/** GitHub's own shell stops at a command that fails, but not at one before a pipe unless it is asked for `bash`. */
function hidesFailure({ run = "", shell }: Step): boolean {
  const hasPipe = /[^|]\|[^|]/.test(run);
  return /\|\| *(true\b|:|exit 0|echo\b)|set \+e|; *true\b/.test(run) || (hasPipe && shell !== "bash");
}

function isAction(step: Step, name: string): boolean {
  return step.uses?.startsWith(`actions/${name}@`) === true;
}

function titleOf({ name, uses, run }: Step): string {
  return name ?? uses ?? run ?? "";
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
