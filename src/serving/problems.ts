import type { Unmodelled } from "../ports/service.ts";

/** What a client asked for and the fakes could not do; equal ones are counted together. */
export interface Problem {
  /** `broken`: our own code failed, or the scenario's. */
  readonly kind: "unmodelled" | "broken";
  readonly service: string;
  /** What was asked for, or what failed. */
  readonly what: string;
  /** The file to extend; empty when nobody can say. */
  readonly file: string;
  /** Of the latest. */
  readonly detail: string;
  readonly site: string;
  readonly count: number;
}

/** All problems since the start, or since a reset. */
export class Problems {
  private readonly byName = new Map<string, Problem>();
  private total = 0;

  get count(): number {
    return this.total;
  }

  /** In the order in which they came up first. */
  list(): readonly Problem[] {
    return [...this.byName.values()];
  }

  add(problem: Omit<Problem, "count">): void {
    this.total++;
    const { kind, service, what, file, detail, site } = problem;
    const name = [kind, service, what, file].join("\n");
    const count = (this.byName.get(name)?.count ?? 0) + 1;
    if (count === 1 && this.byName.size >= distinctMax) return;
    this.byName.set(name, { kind, service, what, file, detail, site, count });
  }

  clear(): void {
    this.byName.clear();
    this.total = 0;
  }
}

/** More distinct ones are counted, and not kept. */
const distinctMax = 1_000;

/** Thrown by the context of a request, through the fake, to whoever serves it. */
export class UnmodelledCall extends Error {
  override readonly name = "UnmodelledCall";
  readonly what: Unmodelled;

  constructor(what: Unmodelled) {
    super(`${what.method} with ${JSON.stringify(what.args)} is not modelled; extend ${what.file}`);
    this.what = what;
  }
}
