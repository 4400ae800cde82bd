import type { OpIdentity } from "../history/event.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import type { RunView } from "./run-view.ts";

/** L7. */
export function promptSize(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L7",
    rule: "No prompt that a model gets is larger than it may be.",
    start: (evidence, report) => promptJudge(evidence, report),
  });
}

function promptJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.promptTokensMax;
  let judged = 0;
  return {
    kinds: ["change"],
    stores: ["model"],
    observe(event) {
      if (event.kind !== "change" || event.change.type !== "completion") return;
      judged++;
      const tokens = event.change["promptTokens"] as number;
      if (tokens <= limit) return;
      const key = event.change["key"] as string;
      report({
        place: `${key} prompt`,
        message: `A model got a prompt of ${tokens} tokens for ${key}.`,
        expected: limit,
        actual: tokens,
      });
    },
    checked: () => judged,
  };
}

/** L8. */
export function boardCalls(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L8",
    rule: "One attempt for a card sends the board no more requests than it may.",
    start: (evidence, report) => callJudge(evidence, report),
  });
}

function callJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.boardCallsPerRunMax;
  const requests = new Map<RunView, number>();
  let judged = 0;

  function count(op: OpIdentity): void {
    const run = evidence.runs.ofOperation(op);
    if (run === undefined) return;
    judged++;
    const sent = (requests.get(run) ?? 0) + 1;
    requests.set(run, sent);
    if (sent <= limit) return;
    report({
      place: `${run.card} lane ${run.lane} board calls`,
      message: `One attempt at lane ${run.lane} of ${run.card} sent the board ${sent} requests.`,
      expected: limit,
      actual: sent,
    });
  }

  return {
    kinds: ["sent"],
    observe(event) {
      if (event.kind === "sent" && event.op.name.startsWith("board.")) count(event.op);
    },
    checked: () => judged,
  };
}
