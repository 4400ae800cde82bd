import { canonicalJson } from "../base/json.ts";
import { compareExchange, Rules } from "./comparison.ts";
import { Identities } from "./identities.ts";
import { callsOf, type RecordedCall, type Recording } from "./recording.ts";
import type { CallResult, Verdict } from "./replay.ts";

/** What changed between two recordings of the same requests, as between two versions of a server. */
export function compareRecordings(before: Recording, after: Recording): readonly CallResult[] {
  const rules = new Rules(new Identities(), { expected: before.header.epochs, actual: after.header.epochs });
  const later = new Map(callsOf(after).map((call) => [call.n, call]));
  const results: CallResult[] = [];
  const add = ({ n, method }: RecordedCall, verdict: Verdict): void => {
    results.push({ recording: before.name, n, method, verdict });
  };
  for (const call of callsOf(before)) {
    const partner = later.get(call.n);
    if (partner === undefined || requestOf(partner) !== requestOf(call)) {
      add(call, { kind: "skipped", why: "the new recording has no such request" });
      continue;
    }
    later.delete(call.n);
    add(call, verdictOf(call, partner, rules));
  }
  for (const call of later.values()) add(call, { kind: "skipped", why: "the old recording has no such request" });
  return results;
}

function verdictOf(call: RecordedCall, partner: RecordedCall, rules: Rules): Verdict {
  const difference = compareExchange(call, { ...partner.res, hooks: partner.hooks }, rules);
  if (difference === undefined) return { kind: "agrees" };
  const { auth, body } = partner.req;
  return { kind: "differs", difference, request: { user: auth?.split(":", 1)[0] ?? null, body } };
}

/** Equal for the same request, whatever ids the server gave. */
function requestOf({ method, req, tmpl }: RecordedCall): string {
  return [method, req.method, req.path, tmpl === undefined ? req.body : canonicalJson(tmpl)].join("\n");
}
