import * as z from "zod";
import type { OrchestratorConfig, Policies, Ports, World } from "../../src/index.ts";

/**
 * A new version of the orchestrator, brought out while it works: one process after the other is told to stop, is killed
 * when it has not come to its end in time, and comes back as the next version.
 */
export type Deployment = {
  /** When the first process is told to stop. */
  readonly afterMs: number;
  /** From one process to the next: two versions work side by side for so long. */
  readonly gapMs: number;
  /** What a process has to finish or give back its work. */
  readonly graceMs: number;
  /** What is different in the next version. */
  readonly next: {
    readonly pollIntervalMs?: number;
    readonly leaseTtlMs?: number;
    readonly attemptsPerCauseMax?: number;
    readonly ralphIterationsMax?: number;
  };
};

export const deploymentSchema = z.strictObject({
  afterMs: z.int().min(0).max(3_600_000),
  gapMs: z.int().min(0).max(600_000),
  graceMs: z.int().min(0).max(120_000),
  next: z.strictObject({
    pollIntervalMs: z.int().min(1_000).max(600_000).optional(),
    leaseTtlMs: z.int().min(20_000).max(600_000).optional(),
    attemptsPerCauseMax: z.int().min(4).max(12).optional(),
    ralphIterationsMax: z.int().min(2).max(5).optional(),
  }),
});

/** One version of one process. */
export interface Version {
  readonly config: OrchestratorConfig;
  readonly policies: Policies;
}

/** Runs one version until `stop` aborts. */
export type Start = (ports: Ports, version: Version, stop: AbortSignal) => Promise<void>;

/** Starts processes, each of them as the version that is installed at that time. */
export class Deploying {
  private readonly world: World;
  private readonly deployment: Deployment | undefined;
  private count = 0;

  constructor(world: World, deployment: Deployment | undefined) {
    this.world = world;
    this.deployment = deployment;
  }

  process(
    name: string,
    { first, start, startAfterMs }: { readonly first: Version; readonly start: Start; readonly startAfterMs: number },
  ): void {
    const { world, deployment } = this;
    const stopMs = deployment === undefined ? Infinity : deployment.afterMs + this.count++ * deployment.gapMs;
    const process = world.process(
      name,
      async (ports) => {
        const leftMs = stopMs - world.kernel.nowUs / 1_000;
        if (deployment === undefined) return start(ports, first, never());
        if (leftMs > 0) return untilStopped(ports, leftMs, (stop) => start(ports, first, stop));
        ports.log.event("version.started", { version: 2 });
        return start(ports, nextVersion(first, deployment), never());
      },
      { daemon: true, startAfterMs },
    );
    if (deployment === undefined) return;
    world.later(`deploy ${name}`, (stopMs + deployment.graceMs) * 1_000, () => {
      world.replaceProcess(process, "the next version takes its place");
    });
  }
}

async function untilStopped(ports: Ports, leftMs: number, work: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const { clock, log } = ports.fork("stop");
  const stop = new AbortController();
  void clock.sleep(leftMs, { key: "stop" }).then(() => {
    log.event("version.stopping", { version: 1 });
    stop.abort("the next version takes its place");
  });
  await work(stop.signal);
  log.event("version.stopped", { version: 1 });
}

function nextVersion({ config, policies }: Version, { next }: Deployment): Version {
  const { pollIntervalMs = config.pollIntervalMs, leaseTtlMs = config.leaseTtlMs, ...limits } = next;
  return {
    config: { ...config, pollIntervalMs, leaseTtlMs },
    policies: { ...policies, limits: { ...policies.limits, ...limits } },
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
