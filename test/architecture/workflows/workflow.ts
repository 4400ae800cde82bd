import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";

/**
 * A workflow of GitHub Actions, as far as this project uses them: jobs with steps on runners. A key that is not modelled here
 * is an error, also one that GitHub knows (reusable workflows, `services`): whoever needs it adds it, and its rules.
 * Source: "Workflow syntax for GitHub Actions".
 */
export interface Workflow {
  readonly name: string | undefined;
  /** Trigger to its settings; `{}` for one that has none. */
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Permissions | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** In the order of the file. */
  readonly jobs: ReadonlyMap<string, Job>;
}

export type Permissions = "read-all" | "write-all" | Readonly<Record<string, "read" | "write" | "none">>;

export interface Job {
  readonly needs: readonly string[];
  readonly if: string | undefined;
  /** Labels of the runner; all must fit. */
  readonly runsOn: readonly string[];
  readonly timeoutMinutes: number | undefined;
  readonly permissions: Permissions | undefined;
  readonly environment: string | undefined;
  readonly continueOnError: ContinueOnError | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Name of an axis to its values, or to an expression that gives them; null where there is no matrix. */
  readonly matrix: Readonly<Record<string, readonly unknown[] | string>> | null;
  readonly failFast: boolean;
  readonly steps: readonly Step[];
}

/** Either `uses` or `run`. */
export interface Step {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly if: string | undefined;
  readonly uses: string | undefined;
  readonly run: string | undefined;
  readonly shell: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly with: Readonly<Record<string, string | number | boolean>>;
  readonly env: Readonly<Record<string, string>>;
  readonly continueOnError: ContinueOnError | undefined;
}

/** `true`, `false` or an expression. */
type ContinueOnError = boolean | string;

/** What a workflow cannot be read for: one line for each problem, with its path in the document. */
export class MalformedWorkflow extends Error {
  override readonly name = "MalformedWorkflow";
}

/** @throws MalformedWorkflow for broken YAML, for what is no workflow, and for `needs` that name no job or run in a circle */
export function readWorkflow(text: string): Workflow {
  const parsed = workflowSchema.safeParse(readYaml(text), { reportInput: true });
  if (!parsed.success) throw new MalformedWorkflow(parsed.error.issues.flatMap(linesOf).join("\n"));
  checkNeeds(parsed.data.jobs);
  return parsed.data;
}

/** All jobs that must be done before this one: its `needs`, theirs, and so on. */
export function allNeedsOf({ jobs }: Pick<Workflow, "jobs">, name: string): ReadonlySet<string> {
  const all = new Set<string>();
  const open = [...jobs.get(name)!.needs];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    open.push(...jobs.get(next)!.needs);
  }
  return all;
}

function readYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  // What follows a first problem is mostly its echo.
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    throw new MalformedWorkflow(`line ${lineCounter.linePos(problem.pos[0]).line}: ${problem.message}`);
  }
  return document.toJS();
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const environment = z.record(z.string(), scalar.transform(String)).default({});
const continueOnError = z.union([z.boolean(), z.string()]).optional();
const id = z.string().regex(/^[A-Za-z_][\w-]*$/, "is no id: letters, digits, _ and -");
const oneOrMore = z.union(
  [z.string().transform((one) => [one]), z.array(z.string()).min(1)],
  "has to be a text or a list of texts",
);

const permissions = z
  .union(
    [z.enum(["read-all", "write-all"]), z.record(z.string(), z.enum(["read", "write", "none"]))],
    "has to be read-all, write-all, or scopes with read, write or none",
  )
  .optional();

const step = z
  .strictObject({
    id: id.optional(),
    name: z.string().optional(),
    if: z.union([z.string(), z.boolean().transform(String)]).optional(),
    uses: z.string().optional(),
    run: z.string().optional(),
    shell: z.string().optional(),
    "working-directory": z.string().optional(),
    with: z.record(z.string(), scalar).default({}),
    env: environment,
    "continue-on-error": continueOnError,
  })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), "has to have either uses or run")
  .transform((read): Step => ({
    id: read.id,
    name: read.name,
    if: read.if,
    uses: read.uses,
    run: read.run,
    shell: read.shell,
    workingDirectory: read["working-directory"],
    with: read.with,
    env: read.env,
    continueOnError: read["continue-on-error"],
  }));

const strategy = z
  .strictObject({
    matrix: z.record(z.string(), z.union([z.array(z.unknown()).min(1), z.string()])),
    "fail-fast": z.boolean().default(true),
    "max-parallel": z.int().positive().optional(),
  })
  .optional();

const job = z
  .strictObject({
    name: z.string().optional(),
    needs: oneOrMore.default([]),
    if: z.union([z.string(), z.boolean().transform(String)]).optional(),
    "runs-on": oneOrMore,
    "timeout-minutes": z.number().positive().optional(),
    permissions,
    environment: z.string().optional(),
    concurrency: z.unknown().optional(),
    "continue-on-error": continueOnError,
    env: environment,
    defaults: z.unknown().optional(),
    outputs: z.record(z.string(), z.string()).optional(),
    strategy,
    steps: z.array(step).min(1),
  })
  .transform((read): Job => ({
    needs: read.needs,
    if: read.if,
    runsOn: read["runs-on"],
    timeoutMinutes: read["timeout-minutes"],
    permissions: read.permissions,
    environment: read.environment,
    continueOnError: read["continue-on-error"],
    env: read.env,
    matrix: read.strategy?.matrix ?? null,
    failFast: read.strategy?.["fail-fast"] ?? true,
    steps: read.steps,
  }));

const triggers = z.union(
  [
    oneOrMore.transform((names): Record<string, unknown> => Object.fromEntries(names.map((name) => [name, {}]))),
    z.record(
      z.string(),
      z.unknown().transform((settings) => settings ?? {}),
    ),
  ],
  "has to be a trigger, a list of triggers, or triggers with settings",
);

const workflowSchema = z.preprocess(
  onUnderItsName,
  z
    .strictObject({
      name: z.string().optional(),
      "run-name": z.string().optional(),
      on: triggers,
      permissions,
      env: environment,
      defaults: z.unknown().optional(),
      concurrency: z.unknown().optional(),
      jobs: z
        .record(id, job)
        .refine((jobs) => Object.keys(jobs).length > 0, "has to have a job")
        .transform((jobs): ReadonlyMap<string, Job> => new Map(Object.entries(jobs))),
    })
    .transform(({ name, on, permissions, env, jobs }): Workflow => ({ name, on, permissions, env, jobs })),
);

/** YAML 1.1 reads the bare word `on` as the truth value, so some tools write `true:`, which GitHub takes for it. */
function onUnderItsName(document: unknown): unknown {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return document;
  if (!Object.hasOwn(document, "true") || Object.hasOwn(document, "on")) return document;
  const { true: on, ...rest } = document as Record<string, unknown>;
  return { ...rest, on };
}

function checkNeeds(jobs: ReadonlyMap<string, Job>): void {
  const problems = [...jobs].flatMap(([name, { needs }]) =>
    needs.filter((needed) => !jobs.has(needed)).map((needed) => `jobs.${name}.needs: there is no job ${needed}`),
  );
  if (problems.length > 0) throw new MalformedWorkflow(problems.join("\n"));
  const inCircle = [...jobs.keys()].filter((name) => allNeedsOf({ jobs }, name).has(name));
  if (inCircle.length > 0) throw new MalformedWorkflow(`jobs: ${inCircle.join(", ")} wait for each other`);
}

function linesOf(issue: z.core.$ZodIssue): string[] {
  const at = (path: readonly PropertyKey[]): string => (path.length === 0 ? "document" : path.map(String).join("."));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${at([...issue.path, key])}: is no key that is modelled here`);
  }
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => `${at(issue.path)}: ${message}`);
  return [`${at(issue.path)}: ${issue.input === undefined ? "is missing" : issue.message}`];
}
