import { statSync } from "node:fs";
import { standingOf } from "../../campaign/ledger/failure-state.ts";
import { Ledger, type RecordedFailure, type TargetKey } from "../../campaign/ledger/ledger.ts";
import { LedgerError } from "../../campaign/ledger/ledger-error.ts";
import { progressOf } from "../../campaign/recorded-timeline.ts";
import type { CampaignProgress, Progress } from "../../campaign/saturation.ts";
import { hitRate } from "../../campaign/saturation-interval.ts";
import type { Tally } from "../../campaign/tally.ts";
import type {
  CampaignDocument,
  FailurePart,
  FailureState,
  MutantsPart,
  ProfilePart,
  Saturation,
  SaturationPart,
  ShownFailure,
  TargetPart,
  Totals,
} from "../../report/campaign-page/campaign-document.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Catalogue } from "../catalogue.ts";
import { ownVersion } from "../own-package.ts";
import { saturationOf } from "../saturation-lines.ts";
import { seenText } from "../standing-lines.ts";
import { failureId } from "./failure-id.ts";

export interface CampaignReaderOptions {
  /** As it is printed, and as it is opened. */
  readonly ledgerFile: string;
  readonly ledgerPath: string;
  readonly presentCode: string;
  readonly catalogue: Catalogue;
  readonly mutants: MutantsPart | undefined;
  readonly profile: ProfilePart | undefined;
  /** Where the page finds a failure's viewer and repro file; both are there when the run left a case. */
  readonly linksOf: (id: string) => { readonly viewer: string; readonly repro: string };
  readonly replayOf: (failure: FoundFailure) => ReplayOfFailure;
}

export interface ReplayOfFailure {
  readonly command: string;
  /** The command names the repro file by its own name: it is to be saved first. */
  readonly needsRepro: boolean;
}

/** A failure with the target that shows it best: of the latest code, the one with the lowest seed. */
export interface FoundFailure {
  readonly id: string;
  readonly target: NumberedTarget;
  readonly recorded: RecordedFailure;
}

type NumberedTarget = TargetKey & { readonly id: number };

/** A ledger as the page shows it. It only reads, also while a campaign writes. */
export class CampaignReader {
  private readonly options: CampaignReaderOptions;
  private readonly scenarios: ReadonlyMap<string, Scenario>;
  private ledger: Ledger;
  private inode: number;

  /** @throws LedgerError when there is no ledger, or it cannot be read */
  constructor(options: CampaignReaderOptions) {
    const { builtInScenarios, furtherScenarios = [] } = options.catalogue;
    this.options = options;
    this.scenarios = new Map([...builtInScenarios, ...furtherScenarios].map((each) => [each.name, each]));
    this.ledger = Ledger.open(options.ledgerPath, { readOnly: true });
    this.inode = statSync(options.ledgerPath).ino;
  }

  /** Another value once there is something new. @throws LedgerError when the file has gone */
  version(): string {
    this.followFile();
    return `${this.inode}-${this.ledger.dataVersion}`;
  }

  /** All of one moment. @throws LedgerError */
  read(readAt: Date): CampaignDocument {
    this.followFile();
    return this.ledger.reading(() => this.document(readAt));
  }

  /** @returns the failures of this id as of now; undefined when there is none */
  find(id: string): FoundFailure | undefined {
    this.followFile();
    return this.ledger.reading(() => this.allFailures().find((each) => each.id === id)?.found);
  }

  /** The document, and its failures in the same order. All of one moment, too. @throws LedgerError */
  readWithFailures(readAt: Date): { readonly document: CampaignDocument; readonly failures: readonly FoundFailure[] } {
    this.followFile();
    return this.ledger.reading(() => ({
      document: this.document(readAt),
      failures: this.allFailures().map(({ found }) => found),
    }));
  }

  close(): void {
    this.ledger.close();
  }

  /** Somebody may move a ledger away and start anew in its place. */
  private followFile(): void {
    const { ledgerPath } = this.options;
    const inode = statSync(ledgerPath, { throwIfNoEntry: false })?.ino;
    if (inode === this.inode) return;
    if (inode === undefined) {
      throw new LedgerError("lost", ledgerPath, { why: "is no longer there", fix: "start the campaign again" });
    }
    const ledger = Ledger.open(ledgerPath, { readOnly: true });
    this.ledger.close();
    this.ledger = ledger;
    this.inode = inode;
  }

  private document(readAt: Date): CampaignDocument {
    const { ledgerFile, presentCode, mutants, profile } = this.options;
    const sessions = this.ledger.sessions();
    const latestCode = sessions.at(-1)?.code;
    const targets = this.ledger.targets().map((target) => this.targetPart(target, target.code === latestCode));
    return {
      version: 1,
      command: "ui",
      stormlane: ownVersion(),
      readAt: `${readAt.toISOString().slice(0, 19)}Z`,
      ledger: { file: ledgerFile, sessions, latestCode: latestCode ?? null, presentCode },
      totals: totalsOf(targets.filter(({ isLatest }) => isLatest)),
      targets: targets.toSorted((left, right) => Number(right.isLatest) - Number(left.isLatest)),
      failures: this.allFailures().map(({ part }) => part),
      mutants: mutants ?? null,
      profile: profile ?? null,
    };
  }

  private targetPart({ id, scenario: name, variant, code, strategy }: NumberedTarget, isLatest: boolean): TargetPart {
    const { ledger } = this;
    const tally = ledger.tallyOf(id);
    const span = ledger.seedSpanOf(id);
    const failures = ledger.failuresOf(id);
    const runsOf = (some: readonly RecordedFailure[]): number => some.reduce((sum, { runs }) => sum + runs, 0);
    const scenario = this.scenarios.get(name);
    const rules = new Map(scenario?.invariants.map(({ id: rule, rule: text }) => [rule, text]));
    return {
      scenario: name,
      variant,
      code,
      isLatest,
      strategy,
      runs: tally.runs,
      seeds: span === undefined ? null : { ...span, gaps: span.last - span.first + 1 - tally.runs },
      ops: tally.ops,
      events: tally.events,
      virtualMs: tally.virtualUs / 1000,
      wallMs: Math.round(ledger.wallMsOf(id)),
      runTwice: tally.runTwice,
      mismatches: [...new Set(ledger.mismatchesOf(id).map(({ seed }) => seed))],
      failedRuns: runsOf(failures),
      limits: sortedEntries(tally.limits).map(([limit, runs]) => ({ limit, runs })),
      sometimes: goalNames(scenario, tally).map((goal) => {
        const hits = tally.sometimes[goal] ?? 0;
        return { name: goal, hits, rate: hitRate(hits, tally.runs) };
      }),
      invariants: [...new Set([...rules.keys(), ...sortedEntries(tally.checked).map(([rule]) => rule)])].map(
        (rule) => ({
          id: rule,
          rule: rules.get(rule) ?? null,
          checked: tally.checked[rule] ?? 0,
          violations: runsOf(failures.filter(({ failure }) => failure.invariant === rule)),
        }),
      ),
      saturation: isLatest ? saturationPart(progressOf(ledger.timelinesOf(id))) : null,
    };
  }

  private allFailures(): { readonly id: string; readonly part: FailurePart; readonly found: FoundFailure }[] {
    const { ledger } = this;
    const targets = ledger.targets();
    const pairs = new Map(targets.map((each) => [`${each.scenario}\0${each.variant}`, each]));
    return [...pairs.values()]
      .flatMap(({ scenario, variant }) => {
        const own = targets.filter((each) => each.scenario === scenario && each.variant === variant);
        const recorded = own.map((target) => ({ target, failures: ledger.failuresOf(target.id) }));
        return ledger.signaturesOf(scenario, variant).map((signature) => {
          const id = failureId({ scenario, variant, signature });
          const found = { id, ...latest(recorded, signature) };
          return { id, part: this.failurePart(found), found };
        });
      })
      .toSorted((left, right) => stateOrder.indexOf(left.part.state) - stateOrder.indexOf(right.part.state));
  }

  private failurePart(found: FoundFailure): FailurePart {
    const { scenario, variant } = found.target;
    const { signature } = found.recorded.failure;
    const counts = this.ledger.countsByCode(scenario, variant, signature);
    const code = this.ledger.sessions().at(-1)?.code ?? "";
    const standing = standingOf(signature, counts, { code, session: this.ledger.lastSession });
    const links = found.recorded.case === undefined ? undefined : this.options.linksOf(found.id);
    return {
      id: found.id,
      scenario,
      variant,
      signature,
      state: standing.state,
      runs: standing.runs,
      hits: standing.hits,
      odds: seenText(standing),
      cleared: standing.cleared ?? null,
      byCode: counts.map(({ code: each, runs, hits }) => ({ code: each, runs, hits })),
      shown: shownFailure(found, this.options.replayOf(found)),
      viewer: links?.viewer ?? null,
      repro: links?.repro ?? null,
    };
  }
}

const stateOrder: readonly FailureState[] = ["new", "ongoing", "rare", "resolved"];

/** Codes come in the order of their targets. */
function latest(
  recorded: readonly { readonly target: NumberedTarget; readonly failures: readonly RecordedFailure[] }[],
  signature: string,
): { readonly target: NumberedTarget; readonly recorded: RecordedFailure } {
  const all = recorded.flatMap(({ target, failures }) =>
    failures.filter(({ failure }) => failure.signature === signature).map((each) => ({ target, recorded: each })),
  );
  const { code } = all.at(-1)!.target;
  return all
    .filter(({ target }) => target.code === code)
    .toSorted((left, right) => left.recorded.failure.seed - right.recorded.failure.seed)[0]!;
}

function shownFailure({ target, recorded }: FoundFailure, replay: ReplayOfFailure): ShownFailure {
  const { kind, invariant, message, seed, strategy, steps } = recorded.failure;
  const { faults, preemptions, delays } = recorded.case ?? {};
  return {
    code: target.code,
    kind,
    invariant,
    message,
    seed,
    strategy,
    steps,
    case:
      faults === undefined || preemptions === undefined || delays === undefined
        ? null
        : {
            faults: faults.length,
            preemptions: preemptions.length,
            delays: delays.length,
            isMinimal: recorded.shrunk?.minimal ?? null,
          },
    replayCommand: replay.command,
    needsRepro: replay.needsRepro,
  };
}

/** The scenario's own order, then those that it no longer has. */
function goalNames(scenario: Scenario | undefined, tally: Tally): readonly string[] {
  const names = scenario?.sometimes.map(({ name }) => name) ?? [];
  return [...new Set([...names, ...sortedEntries(tally.sometimes).map(([name]) => name)])];
}

function saturationPart({ strategies, ...whole }: CampaignProgress): SaturationPart {
  return {
    ...saturation(whole),
    strategies: strategies.map(({ strategy, ...own }) => ({ strategy, ...saturation(own) })),
  };
}

function saturation(progress: Progress): Saturation {
  return { ...progress, text: saturationOf(progress) };
}

function totalsOf(targets: readonly TargetPart[]): Totals {
  const sum = (of: (target: TargetPart) => number): number => targets.reduce((total, each) => total + of(each), 0);
  return {
    runs: sum(({ runs }) => runs),
    ops: sum(({ ops }) => ops),
    events: sum(({ events }) => events),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    wallMs: sum(({ wallMs }) => wallMs),
    runTwice: sum(({ runTwice }) => runTwice),
    mismatches: sum(({ mismatches }) => mismatches.length),
    failedRuns: sum(({ failedRuns }) => failedRuns),
    limitRuns: sum(({ limits }) => limits.reduce((runs, each) => runs + each.runs, 0)),
  };
}

function sortedEntries(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).toSorted(([left], [right]) => (left < right ? -1 : 1));
}
