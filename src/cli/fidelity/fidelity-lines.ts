import { fidelities, type Difference, type Fidelity } from "../../fidelity/comparison.ts";
import type { FidelityResult, RunFigures } from "../../fidelity/fidelity.ts";
import { plainLine } from "../../report/plain-line.ts";
import { commandLine } from "../own-package.ts";
import type { PeopleWorkload } from "../system/people.ts";
import type { FidelityCase } from "./fidelity-case.ts";
import type { FidelitySettings } from "./fidelity-settings.ts";

/** What the comparison came to, for people. */
export function resultLines(result: FidelityResult, settings: FidelitySettings, { seed }: FidelityCase): string[] {
  const { differences, runs, facts, helpedWith, lastWords } = result;
  const { config } = settings;
  return [
    ...differences.slice(0, differencesToldMax).flatMap((each) => [...differenceLines(each, lastWords), ""]),
    ...(differences.length <= differencesToldMax
      ? []
      : [`and ${differences.length - differencesToldMax} more, which --json tells`, ""]),
    `${config.name}, seed ${seed}: ${summary(differences, facts)}`,
    ...fidelities.map((fidelity) => `  ${names[fidelity].padEnd(16)}${figuresLine(runs[fidelity])}`),
    ...helpedWith.map((each) => `  loaded as in the simulation, since Node alone cannot: ${plainLine(each, 200)}`),
    "",
    ...whatIsCompared,
    ...(differences.length === 0 ? [] : ["", `again: ${againCommand(settings, seed)}`]),
  ];
}

export function workloadLine({ cards, moves }: PeopleWorkload): string {
  const written = `${cards.length} ${cards.length === 1 ? "card" : "cards"}`;
  return `people write ${written}${moves.length === 0 ? "" : `, and move cards ${moves.length === 1 ? "once" : `${moves.length} times`}`}`;
}

/** Answers are told apart by the state that they are of, which is no text for people. */
export function plainSubject(subject: string): string {
  return subject.split("\0", 1)[0]!;
}

function againCommand({ cwd, systemFile, config }: FidelitySettings, seed: number): string {
  return commandLine(cwd, [
    "fidelity",
    "--system",
    systemFile,
    "--seed",
    String(seed),
    "--for",
    `${config.forMs / 1_000}s`,
  ]);
}

function summary(differences: readonly Difference[], facts: number): string {
  if (differences.length === 0) return `the same in all three, by ${facts} facts`;
  const orderly = differences.filter(({ hint }) => hint.at === "timing").length;
  const ofOrder = orderly === 0 ? "" : `, ${orderly} of them of the order of things alone`;
  return `${differences.length} of ${facts} facts differ${ofOrder}`;
}

function figuresLine({ requests, changes, files, programs }: RunFigures): string {
  return `${requests} requests, ${changes} changes, ${files} files, ${programs} programs started`;
}

function differenceLines(
  { aspect, process, subject, values, hint }: Difference,
  lastWords: FidelityResult["lastWords"],
) {
  const where = process === "" ? "" : ` of ${process}`;
  const said = aspect === "life" ? lastWords[process] : undefined;
  return [
    `DIFFERS  ${aspectWords[aspect]}${where}: ${plainLine(plainSubject(subject), subjectCharsMax)}`,
    ...fidelities.map((fidelity) => `  ${names[fidelity].padEnd(16)}${valueWords(values, fidelity)}`),
    ...lastLines(said).map(
      (line, index) => `  ${(index === 0 ? "last words" : "").padEnd(16)}${plainLine(line, valueCharsMax)}`,
    ),
    `  hint            ${hint.at}: ${hint.why}`,
  ];
}

function lastLines(words = ""): readonly string[] {
  return words
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-lastLinesMax);
}

/** Long values from a little before the place where they part. */
function valueWords(values: Difference["values"], fidelity: Fidelity): string {
  const value = values[fidelity];
  if (value === null) return "–";
  const given = fidelities.flatMap((each) => values[each] ?? []);
  const parting = Math.max(0, Math.min(...given.map((each) => commonLength(each, given[0]!))) - contextChars);
  const from = value.length <= valueCharsMax ? 0 : parting;
  return plainLine(`${from === 0 ? "" : "…"}${value.slice(from)}`, valueCharsMax);
}

function commonLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return left === right ? Infinity : length;
}

const names: Readonly<Record<Fidelity, string>> = {
  simulation: "simulation",
  loopback: "over sockets",
  processes: "real processes",
};

const aspectWords: Readonly<Record<Difference["aspect"], string>> = {
  modelled: "what a fake cannot do",
  answer: "the answer to",
  header: "a header",
  life: "the end",
  webhook: "a webhook",
  request: "a request",
  program: "starts of a program",
  commit: "a commit",
  file: "a file",
  card: "the board",
};

const lastLinesMax = 8;
/** Causes come first; `--json` has all. */
const differencesToldMax = 20;
const subjectCharsMax = 240;
const valueCharsMax = 200;
const contextChars = 40;

const whatIsCompared = [
  "compared      requests with their headers and answers, webhooks, changes of each card, starts of programs, commits, files that were written, ends of processes",
  "left out      moments, positions, numbers of cards; how often the same was looked at; the order of what goes on at the same time; output",
];
