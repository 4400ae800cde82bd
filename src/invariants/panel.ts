import type { HistoryEvent } from "../history/event.ts";
import type { HistoryReader } from "../history/history.ts";
import type { EndOfRun, Finding, Invariant, Judge, Sometimes, Violation } from "./invariant.ts";

type Observer = Pick<Judge, "stores" | "observe">;

/** All judges of one run: each sees the kinds of events, and the stores' changes, that it asked for, in order. */
export class Panel implements HistoryReader {
  readonly violations: Violation[] = [];
  /** Names of the `sometimes` that happened. */
  readonly hits = new Set<string>();

  private readonly judges: { readonly invariant: Invariant; readonly judge: Judge }[];
  private readonly byKind: Record<HistoryEvent["kind"], Observer[]> = {
    process: [],
    sent: [],
    effect: [],
    answered: [],
    fault: [],
    change: [],
    note: [],
  };
  /** Of `byKind.change`, those that want the changes of a store. */
  private readonly byStore = new Map<string, readonly Observer[]>();
  private readonly onViolation: (violation: Violation) => void;
  private atUs = 0;
  private eventIndex = 0;

  constructor(
    invariants: readonly Invariant[],
    sometimes: readonly Sometimes[],
    onViolation: (violation: Violation) => void,
  ) {
    this.onViolation = onViolation;
    this.judges = invariants.map((invariant) => {
      const judge = invariant.start((finding) => this.report(invariant, finding));
      for (const kind of judge.kinds) this.byKind[kind].push(judge);
      return { invariant, judge };
    });
    for (const goal of sometimes) {
      const watcher = goal.start(() => this.hits.add(goal.name));
      for (const kind of watcher.kinds) this.byKind[kind].push(watcher);
    }
  }

  observe(event: HistoryEvent, index: number): void {
    this.atUs = event.atUs;
    this.eventIndex = index;
    const observers = event.kind === "change" ? this.observersOf(event.change.store) : this.byKind[event.kind];
    for (const observer of observers) observer.observe(event, index);
  }

  finish(end: EndOfRun): void {
    this.atUs = end.atUs;
    this.eventIndex++;
    for (const { judge } of this.judges) judge.finish?.(end);
  }

  /** How often each invariant had something to judge. */
  checked(): Record<string, number> {
    return Object.fromEntries(this.judges.map(({ invariant, judge }) => [invariant.id, judge.checked()]));
  }

  private observersOf(store: string): readonly Observer[] {
    let observers = this.byStore.get(store);
    if (observers === undefined) {
      observers = this.byKind.change.filter(({ stores }) => stores?.some((each) => each === store) ?? true);
      this.byStore.set(store, observers);
    }
    return observers;
  }

  private report(invariant: Invariant, finding: Finding): void {
    const violation: Violation = {
      ...finding,
      invariant: invariant.id,
      rule: invariant.rule,
      atUs: this.atUs,
      eventIndex: this.eventIndex,
    };
    this.violations.push(violation);
    this.onViolation(violation);
  }
}
