import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import { Body } from "../../../src/base/body.ts";
import type { Policies, Ports } from "../../../src/index.ts";
import type { FindingKind } from "../../../src/limits/report.ts";
import type { HttpResponse } from "../../../src/ports/http.ts";
import type { Result } from "../../../src/ports/result.ts";
import type { RampSubject } from "../../../scenarios/ramps/ramp-world.ts";
import { wrapHttp } from "../../orchestrator/wrapped-http.ts";

/** A fault of the core that only a load, or a limit that is reached, brings to light. */
export interface PlantedFault {
  readonly name: string;
  readonly subject: RampSubject;
  /** What must find it: a ramp, gone up to `to`, or an explicit limit. */
  readonly ramp?: string;
  readonly limit?: string;
  readonly to?: number;
  readonly growthLevels?: readonly number[];
  readonly finds: FindingKind;
  /** What the finding says. */
  readonly says: RegExp;
}

const many = 1_000_000_000;

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: "no cap: an epic may have any number of stories",
    subject: withLimits({ childrenPerEpicMax: many }),
    limit: "children-per-epic-max",
    finds: "unenforced-limit",
    says: /Nothing enforces childrenPerEpicMax/,
  },
  {
    name: "cap per call: each plan may have as many stories as an epic in its whole life",
    subject: {
      vary: (policies) => ({
        ...policies,
        spawn: {
          ...policies.spawn,
          existingChildren: async (fanOut) => ({
            ...(await policies.spawn.existingChildren(fanOut)),
            storiesEver: fanOut.stories.length,
          }),
        },
      }),
    },
    limit: "children-per-epic-max-over-plans",
    finds: "unenforced-limit",
    says: /a load that needs 4 stories was not held back/,
  },
  {
    name: "retry storm: what gets no answer is asked again four times a second, without a limit",
    subject: {
      vary: (policies) => ({
        ...policies,
        limits: { ...policies.limits, modelRequestsMax: many, modelFailuresMax: many, modelQuestionMsMax: many },
        retry: { ...policies.retry, modelDelayMs: () => 250 },
      }),
    },
    ramp: "outage",
    to: 1,
    growthLevels: [],
    finds: "degrades-early",
    says: /modelCalls \d+ calls, over its budget/,
  },
  {
    name: "comment flood: each attempt leaves a comment of its own",
    subject: {
      vary: (policies) => ({
        ...policies,
        decision: {
          async decide(facts, about) {
            const decision = await policies.decision.decide(facts, about);
            if (decision.kind === "run" && decision.attempt > 1) {
              const { id, reference } = about.card;
              await about.board.createComment({ id, label: reference }, `Attempt ${decision.attempt} begins.`);
            }
            return decision;
          },
        },
      }),
    },
    ramp: "outage",
    to: 8,
    finds: "growth",
    says: /commentsPerCard grows/,
  },
  {
    name: "trace growth: traces are never removed",
    subject: withLimits({ traceFilesMax: many, traceBytesKeptMax: many }),
    ramp: "trace-files",
    to: 640,
    growthLevels: [],
    finds: "breaks-early",
    says: /L6/,
  },
  {
    name: "quadratic board reads: for each card, all cards are read again",
    subject: {
      ports: afterListing(async (ports, ids, read) => {
        for (const outer of ids) for (const inner of ids) await read(ports, `${outer} ${inner}`, inner);
      }),
    },
    ramp: "cards",
    to: 12,
    growthLevels: [3, 6, 12],
    finds: "growth",
    says: /boardCalls grows quadratically/,
  },
  {
    name: "leak of memory: each listing of the board is kept",
    subject: {
      ports: (ports) => {
        const listings: string[] = [];
        return onListing(ports, async () => {
          // Flat text: a repetition alone would be a rope of a few bytes.
          listings.push(Buffer.alloc(4_096, `${listings.length} `).toString("latin1"));
        });
      },
    },
    ramp: "run-length",
    to: 2,
    growthLevels: [],
    finds: "memory",
    says: /Memory grows by \d+ KiB for each virtual hour/,
  },
  {
    name: "head-of-line block: one lease for all epics",
    subject: {
      vary: (policies) => ({
        ...policies,
        claim: {
          async acquire(request) {
            const all = await policies.claim.acquire({ ...request, scope: "all" });
            if (all.kind === "busy") return all;
            const own = await policies.claim.acquire(request);
            if (own.kind === "busy") {
              await all.lease.release(request.ports);
              return own;
            }
            return { kind: "held", lease: alsoHolding(own.lease, all.lease) };
          },
        },
      }),
    },
    ramp: "slow-neighbour",
    growthLevels: [],
    finds: "degrades-early",
    says: /waitMs [\d.]+ ms, over its budget/,
  },
  {
    name: "idle polling growth: each look over the board asks for more than the one before",
    subject: {
      ports: (ports) => {
        let listings = 0;
        return onListing(ports, async (own) => {
          listings++;
          for (let extra = 0; extra < listings / 60; extra++) await readCard(own, `again ${extra}`, 1);
        });
      },
    },
    ramp: "run-length",
    to: 8,
    growthLevels: [2, 4, 8],
    finds: "growth",
    says: /boardCalls grows quadratically/,
  },
];

function withLimits(limits: Partial<Policies["limits"]>): RampSubject {
  return { vary: (policies) => ({ ...policies, limits: { ...policies.limits, ...limits } }) };
}

type Lease = Extract<Awaited<ReturnType<Policies["claim"]["acquire"]>>, { readonly kind: "held" }>["lease"];

/** Both are kept as long as one is, and given back together. */
function alsoHolding(own: Lease, other: Lease): Lease {
  return Object.create(own, {
    keep: {
      value: (ports: Ports): void => {
        own.keep(ports);
        other.keep(ports.fork("all"));
      },
    },
    release: {
      value: async (ports: Ports): Promise<void> => {
        await own.release(ports);
        await other.release(ports);
      },
    },
  }) as Lease;
}

type AfterListing = (ports: Ports, ids: readonly number[]) => Promise<void>;

/** Does something after each listing of the board that a process gets. */
function onListing(ports: Ports, then: AfterListing): Ports {
  return wrapHttp(ports, {
    request: async (request, send, own) => {
      const result = await send(request);
      if (request.name === "board.getAllTasks" && result.kind === "ok") await then(own, idsIn(result));
      return result;
    },
  });
}

function afterListing(
  then: (ports: Ports, ids: readonly number[], read: typeof readCard) => Promise<void>,
): (ports: Ports) => Ports {
  return (ports) => onListing(ports, (own, ids) => then(own, ids, readCard));
}

function idsIn(result: Result<HttpResponse>): readonly number[] {
  const reply = result.kind === "ok" ? result.value.body.json() : undefined;
  const rows = isJsonObject(reply) ? reply["result"] : undefined;
  return isJsonArray(rows) ? rows.filter(isJsonObject).map(({ id }) => Number(id)) : [];
}

async function readCard(ports: Ports, key: string, id: number): Promise<void> {
  await ports.http.request({
    name: "board.getTask",
    key,
    method: "POST",
    url: "http://board.test/jsonrpc.php",
    headers: { authorization: `Basic ${Buffer.from("jsonrpc:board-token").toString("base64")}` },
    body: Body.ofJson({ jsonrpc: "2.0", method: "getTask", id: 1, params: { task_id: id } }),
    timeoutMs: 10_000,
  });
}
