import { Explorer, type StrategyName } from "../../explore/explorer.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { WritingModules, type WriteEffect } from "../../review/coverage/written-effects.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { runningFunctions } from "./call-stack.ts";
import type { SourcePlace } from "./precise-coverage.ts";

/** What the runs of one scenario showed. Modules are named by their URLs. */
export class ScenarioWatcher {
  readonly writes = new Map<string, Set<WriteEffect>>();
  /** Invariants that had something to judge. */
  readonly judged = new Set<string>();
  /** Call stacks of the system at the moments in which it sent operations, each once. */
  readonly stacks = new Map<string, readonly SourcePlace[]>();
  private readonly urlOf: (frame: string) => string | undefined;

  private readonly orNearestWaiting: boolean;

  /** @param urlOf of a module of the system, by the name that its frames have */
  constructor(urlOf: (frame: string) => string | undefined, orNearestWaiting: boolean) {
    this.urlOf = urlOf;
    this.orNearestWaiting = orNearestWaiting;
  }

  async watch(scenario: Scenario, seeds: number, strategy: StrategyName): Promise<void> {
    const explorer = new Explorer(scenario, strategy, runCaseNow);
    for (let seed = 0; seed < seeds; seed++) await inMacrotask(() => this.watchRun(scenario, explorer, seed));
  }

  private watchRun(scenario: Scenario, explorer: Explorer, seed: number): void {
    const plan = explorer.plan(seed);
    const writing = new WritingModules(() => this.modulesOnStack());
    const outcome = runCaseNow(scenario, plan.case, { ...plan.exploration, reader: writing });
    for (const [url, effects] of writing.finish()) {
      this.writes.set(url, new Set([...effects, ...(this.writes.get(url) ?? [])]));
    }
    for (const [invariant, times] of Object.entries(outcome.checked)) if (times > 0) this.judged.add(invariant);
  }

  private modulesOnStack(): string[] {
    const stack = runningFunctions(this.urlOf, this.orNearestWaiting);
    if (stack.length > 0) this.stacks.set(stack.map(placeText).join(" "), stack);
    return [...new Set(stack.map(({ url }) => url))];
  }
}

function placeText({ url, lineNumber, columnNumber }: SourcePlace): string {
  return `${url}:${lineNumber}:${columnNumber}`;
}
