import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Answer } from "../orchestrator/answer.ts";
import { Claims } from "../orchestrator/claims/claims.ts";
import type { Lease } from "../orchestrator/claims/lease.ts";
import type { AgentName } from "../orchestrator/decide/lanes.ts";
import { RunStop } from "../orchestrator/runs/run-stop.ts";
import { packagePage, statusDocument } from "../orchestrator/work-package/dashboard.ts";
import {
  agentRefusals,
  decideApproval,
  decideArtifact,
  decideMove,
  gatedAgents,
  type Decision,
} from "../orchestrator/work-package/lifecycle.ts";
import {
  openAllPackages,
  openPackage,
  type OpenPackage,
  type PackageShelf,
} from "../orchestrator/work-package/open-package.ts";
import { writeIndex } from "../orchestrator/work-package/package-index.ts";
import {
  artifactKinds,
  laneOfStage,
  stages,
  type ArtifactKind,
  type Stage,
} from "../orchestrator/work-package/stages.ts";
import type { Ports } from "../ports/ports.ts";
import { realPorts } from "../real/real-ports.ts";
import { plainLine } from "../report/plain-line.ts";
import { prepareFolder } from "./atomic-file.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { suggestName } from "./nearest-name.ts";
import { wrongValue } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** As commander hands them over: texts, and `true` for a flag without a value. */
export type WorkPackageFlags = Readonly<Record<string, string | true | undefined>>;

/** `work-package init`: makes the package of a card. @returns the exit code, as all below */
export function initPackage(card: string, flags: WorkPackageFlags, host: Host): Promise<number> {
  const title = text(flags, "title") ?? card;
  const workspace = resolve(host.cwd, text(flags, "workspace") ?? ".");
  prepareFolder("--folder", folderOf(flags, host));
  prepareFolder("--workspace", workspace);
  return withShelf(flags, host, async (shelf) => {
    const known = await openPackage(shelf, card);
    if (known.kind === "ok") {
      const fix = "name another card, or work on with show, approve and advance";
      throw new UsageError({ what: plainLine(card, 60), why: "there is a work package of that name", fix });
    }
    const opened = need(await openPackage(shelf, card, { title, workspace, ...actorOf(flags) }), `init ${card}`);
    return tell(opened, flags, host);
  });
}

/** `work-package show`: where it stands. */
export function showPackage(card: string, flags: WorkPackageFlags, host: Host): Promise<number> {
  return withPackage(card, flags, host, () => Promise.resolve());
}

/** `work-package approve`: approves what stands in the workspace of one kind. */
export function approveArtifacts(card: string, kind: string, flags: WorkPackageFlags, host: Host): Promise<number> {
  const approved = readKind(kind);
  return withPackage(card, flags, host, (opened) =>
    perform(opened, decideApproval(opened.work, opened.contents, approved), flags),
  );
}

/** `work-package advance`: to the next stage, or with `--to` over several. */
export function advancePackage(card: string, flags: WorkPackageFlags, host: Host): Promise<number> {
  const to = text(flags, "to");
  if (to !== undefined) checkStage("--to", to);
  return withPackage(card, flags, host, async (opened) => {
    const lane = laneOfStage(opened.work.stage);
    const target = to ?? stages[lane] ?? opened.work.stage;
    if (laneOfStage(target) <= lane) {
      const why = `${opened.work.stage} is not before it`;
      throw new UsageError({ what: `advance to ${target}`, why, fix: "use rollback --to to go back" });
    }
    await perform(opened, decideMove(opened.work, opened.contents, target), flags);
  });
}

/** `work-package rollback`: back to an earlier stage; takes back the approvals given from there on. */
export function rollBackPackage(card: string, flags: WorkPackageFlags, host: Host): Promise<number> {
  const to = text(flags, "to") ?? "";
  checkStage("--to", to);
  return withPackage(card, flags, host, async (opened) => {
    if (laneOfStage(to) >= laneOfStage(opened.work.stage)) {
      const why = `it is not before ${opened.work.stage}`;
      throw new UsageError({ what: `rollback to ${to}`, why, fix: "use advance to go on" });
    }
    await perform(opened, decideMove(opened.work, opened.contents, to), flags);
  });
}

/** `work-package artifact add`: takes a file of the workspace into the package. */
export function addArtifact(
  card: string,
  kind: string,
  path: string,
  flags: WorkPackageFlags,
  host: Host,
): Promise<number> {
  const artifact = { kind: readKind(kind), path };
  return withPackage(card, flags, host, async (opened) => {
    need(await opened.look([path]), `look at ${path}`);
    await perform(opened, decideArtifact(opened.work, opened.contents, artifact), flags);
  });
}

/** `work-package gate`: whether an agent may start. Exit code 1 when it may not. */
export async function askGate(card: string, agent: string, flags: WorkPackageFlags, host: Host): Promise<number> {
  const asked = readAgent(agent);
  return withShelf(flags, host, async (shelf) => {
    const { work, contents } = need(await openPackage(shelf, card), `open ${card}`);
    const causes = agentRefusals(work, contents, asked);
    if (flags["json"] === true)
      host.writeOut(`${JSON.stringify({ version: 1, agent, open: causes.length === 0, causes })}\n`);
    else host.writeOut(causes.length === 0 ? `${agent} may start\n` : `${agent} may not start: ${causes.join("; ")}\n`);
    return causes.length === 0 ? exitCodes.held : exitCodes.failed;
  });
}

/** `work-package dashboard`: writes every dashboard and the index again. Exit code 1 when a package cannot be opened. */
export function rebuildDashboards(flags: WorkPackageFlags, host: Host): Promise<number> {
  return withShelf(flags, host, async (shelf) => {
    const all = need(await openAllPackages(shelf), "list the packages");
    const rows = [...all].map(([folder, opened]) =>
      opened.kind === "ok" ? { folder, ...statusDocument(opened.value.status) } : { folder, why: opened.reason },
    );
    if (flags["json"] === true) host.writeOut(`${JSON.stringify({ version: 1, packages: rows })}\n`);
    else {
      for (const [folder, opened] of all) {
        const state = opened.kind === "ok" ? opened.value.work.stage : `cannot be opened: ${opened.reason}`;
        host.writeOut(`${folder}  ${plainLine(state, 200)}\n`);
      }
    }
    return [...all.values()].every(({ kind }) => kind === "ok") ? exitCodes.held : exitCodes.failed;
  });
}

/** What a command could not do, though it was asked well. */
class CommandEnd extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

type Work = (opened: OpenPackage) => Promise<void>;

function withPackage(card: string, flags: WorkPackageFlags, host: Host, work: Work): Promise<number> {
  return withShelf(flags, host, async (shelf) => {
    const opened = need(await openPackage(shelf, card), `open ${card}`);
    await work(opened);
    return tell(opened, flags, host);
  });
}

async function perform(opened: OpenPackage, decision: Decision, flags: WorkPackageFlags): Promise<void> {
  if (decision.kind === "refused") {
    const why = decision.causes.join("; ");
    throw new CommandEnd(
      exitCodes.failed,
      `refused: ${plainLine(why, 500)}; see work-package show for what it waits for`,
    );
  }
  need(await opened.record(decision.deeds, actorOf(flags)), "record it");
}

function tell(opened: OpenPackage, flags: WorkPackageFlags, host: Host): number {
  const { status } = opened;
  host.writeOut(flags["json"] === true ? `${JSON.stringify(statusDocument(status))}\n` : packagePage(status));
  return exitCodes.held;
}

const leaseTtlMs = 10_000;
const diskMarginMs = 1_000;
/** A command that was killed keeps the others waiting for a term and a quarter. */
const waitMsMax = 2 * leaseTtlMs;
const waitMs = 50;

/** One command at a time works on a folder of packages. */
async function withShelf(
  flags: WorkPackageFlags,
  host: Host,
  work: (shelf: PackageShelf) => Promise<number>,
): Promise<number> {
  const folder = folderOf(flags, host);
  if (!existsSync(folder)) {
    throw wrongValue("--folder", folder, "there is no such folder", "make the first package there with init");
  }
  const ports = realPorts({ log: () => {} });
  const lease = await acquire(ports, folder);
  lease.keep(ports.fork("lease"));
  try {
    const shelf = { ports, guard: lease, diskMarginMs, folder, generation: lease.generation };
    const exitCode = await work(shelf);
    need(await writeIndex(shelf, "command-line"), "write the index");
    return exitCode;
  } catch (error) {
    if (error instanceof CommandEnd) {
      host.writeError(`stormlane: ${error.message}\n`);
      return error.exitCode;
    }
    if (!(error instanceof RunStop)) throw error;
    host.writeError(`stormlane: this command was held up for too long (${error.message}); run it again\n`);
    return exitCodes.broken;
  } finally {
    await lease.release(ports);
  }
}

function folderOf(flags: WorkPackageFlags, host: Host): string {
  return resolve(host.cwd, text(flags, "folder") ?? "work-packages");
}

async function acquire(ports: Ports, folder: string): Promise<Lease> {
  const claims = new Claims({ folder: `${folder}/.claims`, ttlMs: leaseTtlMs });
  const untilMs = ports.clock.monotonicMs() + waitMsMax;
  while (ports.clock.monotonicMs() < untilMs) {
    const acquired = await claims.acquire(ports, "command-line");
    if (acquired.kind === "held") return acquired.lease;
    await ports.clock.sleep(waitMs);
  }
  throw new UsageError({ what: folder, why: "another command works there", fix: "wait until it has ended" });
}

function need<Value>(answer: Answer<Value>, what: string): Value {
  if (answer.kind === "ok") return answer.value;
  const [task, why] = [plainLine(what, 100), plainLine(answer.reason, 300)];
  if (answer.kind === "refused") throw new UsageError({ what: task, why, fix: "see stormlane work-package --help" });
  const doubt = answer.kind === "unknown" ? ": it may have happened all the same" : "";
  throw new CommandEnd(
    exitCodes.broken,
    `could not ${task}: ${why}${doubt}; mend the disk, then run the command again`,
  );
}

function actorOf(flags: WorkPackageFlags): { readonly who: string; readonly reason: string; readonly cause: string } {
  return { who: text(flags, "who") ?? "command line", reason: text(flags, "reason") ?? "", cause: "" };
}

function text(flags: WorkPackageFlags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

function readKind(kind: string): ArtifactKind {
  const found = artifactKinds.find((each) => each === kind);
  if (found !== undefined) return found;
  throw wrongValue("KIND", kind, "no such kind of artifact", suggestName(kind, artifactKinds));
}

function readAgent(agent: string): AgentName {
  const found = gatedAgents.find((each) => each === agent);
  if (found !== undefined) return found;
  throw wrongValue("AGENT", agent, "no agent of that name has a gate", suggestName(agent, gatedAgents));
}

function checkStage(option: string, stage: Stage): void {
  if (laneOfStage(stage) > 0) return;
  throw wrongValue(option, stage, "no such stage", suggestName(stage, stages));
}
