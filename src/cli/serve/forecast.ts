import type { CardRow } from "../../orchestrator/board/rows.ts";
import { decide } from "../../orchestrator/decide/decide.ts";
import { isStory, labelOf, referenceOf } from "../../orchestrator/decide/reference.ts";
import { lanePrograms, laneTitles, planApprovedLane } from "../../orchestrator/decide/lanes.ts";
import type { Columns } from "../../orchestrator/dispatch/columns.ts";
import { defaultPolicies } from "../../orchestrator/orchestrator.ts";
import { RunRecords } from "../../orchestrator/runs/run-records.ts";
import type { Ports } from "../../ports/ports.ts";
import { plainLine } from "../../report/plain-line.ts";
import { coreLimits, type ServeConfig } from "./serve-config.ts";

/** What the service would do with a card if it began now. */
export interface Forecast {
  readonly card: string;
  readonly lane: string;
  readonly wouldDo: string;
}

/** From the cards as listed and the records on disk; nobody is asked for a lease. */
export async function forecastCards(
  ports: Ports,
  config: ServeConfig,
  board: { readonly cards: readonly CardRow[]; readonly columns: Columns },
): Promise<readonly Forecast[]> {
  const records = new RunRecords(`${config.stateFolder}/runs`);
  const forecasts: Forecast[] = [];
  for (const card of board.cards) {
    const lane = board.columns.laneOf(card.column_id);
    forecasts.push({
      card: plainLine(labelOf(card), 60),
      lane: lane === undefined ? "-" : laneTitles[lane - 1]!,
      wouldDo: await wouldDo(ports, config, { card, lane, records }),
    });
  }
  return forecasts;
}

async function wouldDo(
  ports: Ports,
  config: ServeConfig,
  at: { readonly card: CardRow; readonly lane: number | undefined; readonly records: RunRecords },
): Promise<string> {
  const { card, lane, records } = at;
  const program = lane === undefined ? undefined : lanePrograms[lane];
  if (program === undefined) return "nothing: people work in this lane";
  if (program.lane === planApprovedLane && isStory(card.reference)) return "nothing: this story waits for people";
  const cause = { cardId: card.id, lane: program.lane, dateMoved: card.date_moved };
  const record = await records.load(ports, cause, referenceOf(card));
  if (record.kind !== "ok") return `unknown: its record cannot be read (${record.reason})`;
  const decision = decide({
    program,
    record: record.value,
    nowMs: ports.clock.nowMs(),
    attemptsMax: coreLimits(config).attemptsPerCauseMax,
    waitMsMax: Number.MAX_SAFE_INTEGER,
    recovery: (open) => defaultPolicies.recovery.decide(open),
  });
  const agents = program.agents.join(", then ");
  switch (decision.kind) {
    case "run":
      return `run ${agents} (attempt ${decision.attempt})`;
    case "report":
      return `show a failure: ${program.failedTag}`;
    case "wait":
      return `run ${agents} from ${new Date(decision.untilMs).toISOString()} on`;
    case "acknowledged":
      return `nothing: ${record.value?.status === "failed" ? "it failed, and shows it" : "done already"}`;
    case "ignore":
      return `nothing: ${decision.reason}`;
  }
}
