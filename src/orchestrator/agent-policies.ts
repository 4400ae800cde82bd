import type { Ports } from "../ports/ports.ts";
import type { Answer } from "./answer.ts";
import { checkDocument, checkSource, checkTests } from "./decide/answer-text.ts";
import type { StagedCheck } from "./decide/staged.ts";
import { readJson } from "./llm/read-json.ts";
import type { Trace, TraceFiles } from "./llm/trace-files.ts";
import { runProgram } from "./process/run-program.ts";
import type { Run } from "./runs/run.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** How what people approved is locked, and opened again. */
export interface ApprovalPolicy {
  /** @returns the hash of what is locked */
  lock(request: LockRequest): Promise<Answer<string>>;
  unlock(workspace: Workspace, path: string, asked: Unlocking): Promise<Answer<void>>;
}

export interface LockRequest {
  readonly run: Run;
  readonly workspace: Workspace;
  readonly path: string;
  /** What the approved content was made from. */
  readonly basis: string;
}

export interface Unlocking {
  readonly card: string;
  readonly cause: string;
  readonly reason: string;
}

/** What a test run is worth. */
export interface TestPolicy {
  /**
   * Before and after every run: approved files as they were approved.
   *
   * @param restore puts them back @returns those that were not
   */
  restore(run: Run, restore: () => Promise<readonly string[]>): Promise<readonly string[]>;
  /** Whether a result counts that was got while these files were changed. */
  counts(changed: readonly string[]): boolean;
  /** Whether a file of this name makes a test run another one. */
  isSteering(name: string): boolean;
  /** @param code undefined when the program did not end by itself */
  verdict(code: number | undefined, output: string): "green" | "red" | "unclear";
}

/** Where code is kept, and what is committed. */
export interface CodePolicy {
  /**
   * Inside the workspace.
   *
   * @param id of the story, as it stands in file names
   * @param epic its reference
   */
  sourcePath(id: string, epic: string): string;
  /** What git is told to add for a commit of one path. */
  staged(path: string): readonly string[];
  mayCommit(staged: StagedCheck): boolean;
  /** Whether the work ends when git could not commit. */
  readonly needsCommit: boolean;
}

/** How programs are run: tools that ask a model too. */
export interface ProgramPolicy {
  readonly run: typeof runProgram;
}

/** What of a model's answer is taken, by what it is for. */
export interface AnswerPolicy {
  readonly checkDocument: typeof checkDocument;
  readonly checkTests: typeof checkTests;
  readonly checkSource: typeof checkSource;
  readonly readJson: typeof readJson;
}

/** What is kept of a question to a model. */
export interface TracePolicy {
  keep(files: TraceFiles, ports: Ports, trace: Trace): Promise<void>;
}

/** How the card is told of things. */
export interface CommentPolicy {
  /** Whether a comment is looked for before it is written. */
  mayExist(resumed: boolean): boolean;
}

/** What becomes of a batch in which stories failed. */
export interface BatchPolicy {
  isDone(failures: readonly string[]): boolean;
}

/** What a review lets pass. */
export interface ReviewPolicy {
  passes(check: Check): boolean;
}

/** One thing that must be so. What cannot be found out is no check that passed: the run ends and tries later. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

export const recordedApproval: ApprovalPolicy = {
  lock: ({ run, workspace, path, basis }) => workspace.lock(path, { card: run.reference, basis }),
  unlock: (workspace, path, asked) => workspace.unlock(path, asked),
};

/** Files by which a test run becomes another one, wherever pytest looks for them. */
const steeringNames: ReadonlySet<string> = new Set([
  "conftest.py",
  "pytest.ini",
  ".pytest.ini",
  "tox.ini",
  "setup.cfg",
  "pyproject.toml",
  "sitecustomize.py",
  "usercustomize.py",
]);

/** An exit code alone is no answer: a program that ended early has one too. */
export const approvedTestsOnly: TestPolicy = {
  restore: (_, restore) => restore(),
  counts: (changed) => changed.length === 0,
  isSteering: (name) => steeringNames.has(name.toLowerCase()),
  verdict(code, output) {
    if (code === 0 && /\b\d+ passed\b/.test(output)) return "green";
    return code === 1 && /\b\d+ failed\b/.test(output) ? "red" : "unclear";
  },
};

export const onePathCommits: CodePolicy = {
  sourcePath: (id) => `src/${id}.py`,
  staged: (path) => ["--", path],
  mayCommit: (staged) => typeof staged !== "object",
  needsCommit: true,
};

export const boundedPrograms: ProgramPolicy = { run: runProgram };

export const strictAnswers: AnswerPolicy = { checkDocument, checkTests, checkSource, readJson };

/** A trace is for people: whether it can be kept is nothing to the run. */
export const harmlessTraces: TracePolicy = { keep: (files, ports, trace) => files.write(ports, trace) };

export const onceForEachCause: CommentPolicy = { mayExist: (resumed) => resumed };

export const allOfABatch: BatchPolicy = { isDone: (failures) => failures.length === 0 };

export const closedReview: ReviewPolicy = { passes: ({ passed }) => passed };
