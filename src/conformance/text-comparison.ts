import { inSameEpoch, isInRun, type Epochs } from "./epochs.ts";
import type { Identities } from "./identities.ts";

export interface TextRules {
  /** The member that the text is the value of. */
  readonly member: string;
  readonly identities: Identities;
  readonly secrets: Identities;
  readonly epochs: Epochs;
}

/** Whether two texts agree: strictly, but for secrets and for links and dates that the server itself writes into texts. */
export function textsAgree(expected: string, actual: string, rules: TextRules): boolean {
  const secret = secretForms[rules.member];
  if (secret?.test(expected) === true && secret.test(actual)) return secretsAgree(expected, actual, rules);
  const isRendered = rendered.test(rules.member);
  if (!isRendered && !expected.includes("controller=")) return expected === actual;
  const pattern = isRendered ? renderedParts : linkParts;
  const [left, right] = [[...expected.matchAll(pattern)], [...actual.matchAll(pattern)]];
  return (
    left.length === right.length &&
    withoutParts(expected, pattern) === withoutParts(actual, pattern) &&
    left.every((part, index) => partsAgree(part.groups!, right[index]!.groups!, rules))
  );
}

/** Each has its partner; a stored file also names the task or project it belongs to. */
function secretsAgree(expected: string, actual: string, { member, identities, secrets }: TextRules): boolean {
  if (!secrets.agree(member, expected, actual)) return false;
  if (member !== "path") return true;
  const [[ownerKind, ownerId], [kind, id]] = [expected.split("/"), actual.split("/")] as [string[], string[]];
  return ownerKind === kind && identities.agree(ownerKind === "tasks" ? "task" : "project", ownerId!, id!);
}

type Parts = Readonly<Record<string, string | undefined>>;

function partsAgree(expected: Parts, actual: Parts, { identities, secrets, epochs }: TextRules): boolean {
  const name = partNames.find((each) => expected[each] !== undefined);
  const other = name === undefined ? undefined : actual[name];
  // Where a server is served counts for nothing.
  if (name === undefined) return partNames.every((each) => actual[each] === undefined);
  if (other === undefined) return false;
  const own = expected[name]!;
  if (name === "token") return secrets.agree("token", own, other);
  if (name === "date") {
    const [ownS, otherS] = [secondsOf(own), secondsOf(other)];
    // Outside of the run, as when a card is due, it is the same text or another date.
    return isInRun(ownS, epochs, 60) ? inSameEpoch(ownS, otherS, epochs, 60) : own === other;
  }
  return identities.agree(name === "project" ? "project" : "task", own, other);
}

function withoutParts(text: string, pattern: RegExp): string {
  return text.replaceAll(pattern, (...match) => {
    const groups = match.at(-1) as Parts;
    return `<${partNames.find((name) => groups[name] !== undefined) ?? "origin"}>`;
  });
}

/** As `11/20/2026 23:03`, in UTC. */
function secondsOf(date: string): number {
  const [month, day, year, hour, minute] = date.split(/\D/).map(Number) as [number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute) / 1000;
}

/** HTML, or a line of it. */
const rendered = /^event_(title|content)$/;

const partNames = ["task", "project", "token", "number", "date"] as const;

const links = String.raw`(?:(?:https?:/)?/[^\s"'<>?]*)?\?(?=controller=)|(?<=[?&;]task_id=)(?<task>\d+)|(?<=[?&;]project_id=)(?<project>\d+)|(?<=[?&;]token=)(?<token>[0-9a-f]{60})`;
const linkParts = new RegExp(links, "g");
const renderedParts = new RegExp(String.raw`${links}|(?<=#)(?<number>\d+)\b|(?<date>\d\d/\d\d/\d{4} \d\d:\d\d)`, "g");

const secretForms: Readonly<Record<string, RegExp>> = {
  password: /^\$2y\$\d\d\$.{53}$/,
  path: /^(tasks|projects)\/\d+\/[0-9a-f]{40}$/,
  etag: /^[0-9a-f]{32}$/,
  token: /^[0-9a-f]{60}$/,
};
