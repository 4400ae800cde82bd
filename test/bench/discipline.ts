/** A rule of how this project measures and guards itself, and the tests that fail when it is broken. */
export interface Discipline {
  readonly rule: string;
  /** Files below `test/`, each with a piece of the title of one test in it. */
  readonly tests: readonly (readonly [file: string, title: string])[];
}

/** Who changes how something is measured, judged or guarded finds here what holds it. */
export const disciplines: readonly Discipline[] = [
  {
    rule: "a verdict is a sum type: leaving out a case does not compile, and it is monotone in the measurement",
    tests: [
      ["bench/verdict-union.test.ts", "the compiler is red when"],
      ["bench/bench-verdict.test.ts", "a worse measurement never gets a better verdict"],
    ],
  },
  {
    rule: "each edge of a threshold is on the side where it is documented",
    tests: [
      ["bench/bench-verdict.test.ts", "100 that became"],
      ["bench/bench-verdict.test.ts", "a 95th percentile of"],
    ],
  },
  {
    rule: "a metric without a baseline, a baseline without a metric, and a baseline of 0 are judged",
    tests: [
      ["bench/bench-verdict.test.ts", "a metric that vanished fails by its name, and a new one is a comment"],
      ["bench/bench-verdict.test.ts", "a baseline of 0 gates what grows from it"],
      ["cli/bench-command.test.ts", "names what vanished"],
    ],
  },
  {
    rule: "what fails is invalid, and never fast",
    tests: [
      ["bench/measure.test.ts", "the result is invalid and says why"],
      ["bench/measure.test.ts", "a failure among many iterations is not dropped"],
      ["cli/bench-command.test.ts", "a broken benchmark is never a fast one"],
    ],
  },
  {
    rule: "the fifteen defects of other harnesses are noticed when they are put back",
    tests: [["bench/predecessor-defects.test.ts", "noticed when it is put back"]],
  },
  {
    rule: "a baseline says who, when, why, of what code and on what machine, and is refused without",
    tests: [
      ["bench/baseline.test.ts", "is refused by that name"],
      ["bench/baseline.test.ts", "measurements of other machines or another Node cannot be compared"],
    ],
  },
  {
    rule: "a refresh has a reason, and cannot hide what it accepts",
    tests: [
      ["cli/bench-command.test.ts", "refuses %j"],
      ["bench/baseline.test.ts", "keeps the verdict that it hid"],
    ],
  },
  {
    rule: "the refreshes of a baseline can be read back",
    tests: [
      ["cli/bench-report.test.ts", "the log says who refreshed the baselines, and why"],
      ["bench/baseline.test.ts", "only the newest refreshes are kept"],
    ],
  },
  {
    rule: "each benchmark does its work, and its figures get worse with what it is given to do",
    tests: [
      ["bench/bodies.test.ts", "does its work, and has the figures that it names"],
      ["bench/bodies.test.ts", "has figures that all get worse with what it is given to do"],
    ],
  },
  {
    rule: "the number of processors is asked for in one place, and a bad one is refused by the variable's name",
    tests: [
      ["cli/effective-cpus.test.ts", "is refused by the name of the variable"],
      ["cli/effective-cpus.test.ts", "nobody else asks how many processors there are"],
    ],
  },
  {
    rule: "a modelled machine says the same on every real one, and less cores take longer",
    tests: [
      ["bench/modelled-runner.test.ts", "says the same in another thread"],
      ["bench/modelled-runner.test.ts", "takes longer on one core than on two"],
      ["bench/bodies.test.ts", "has the same figures twice"],
    ],
  },
  {
    rule: "what depends on the machine advises on a change, and gates at night alone",
    tests: [
      ["bench/predecessor-defects.test.ts", "noticed when it is put back"],
      ["cli/bench-command.test.ts", "in a lane that gates"],
      ["cli/bench-beside.test.ts", "gates the wall clock when it is asked to"],
    ],
  },
  {
    rule: "a report that cannot be written where people look is a warning, and changes no exit code",
    tests: [
      ["cli/bench-report.test.ts", "keeps the report and the exit code"],
      ["architecture/workflows/bench-comment.test.ts", "where a fork's token may not write"],
    ],
  },
  {
    rule: "a test that lacks a tool is skipped loudly, and fails where the tool is required",
    tests: [
      ["requires-tool/requires-tool.test.ts", "each tool is warned of once"],
      ["requires-tool/requires-tool.test.ts", "a missing one fails its tests and the run"],
    ],
  },
  {
    rule: "a test that is skipped without a word is found",
    tests: [["tools/skipped-tests.test.ts", "a test that is skipped without a word is found"]],
  },
  {
    rule: "workflow files are read into a checked model, and what is no workflow is refused with its path",
    tests: [["architecture/workflows/workflow.test.ts", "what is no workflow is refused with the path of the mistake"]],
  },
  {
    rule: "the lanes that must be there are, and each rule of a lane is proved by a planted fault",
    tests: [["architecture/workflows/lane-rules.test.ts", "each rule is proved by a planted fault"]],
  },
  {
    rule: "the adversarial lane carries: it has every known bug and no other, and each is found",
    tests: [
      ["adversarial/lane.test.ts", "has an entry for every mutant of the catalogue, and no other"],
      ["adversarial/lane.test.ts", "collects two tests for every mutant"],
      ["adversarial/mutants.test.ts", "is found by"],
    ],
  },
  {
    rule: "a known bug that survives fails the matrix",
    tests: [["adversarial/kill-matrix.test.ts", "is fine when each mutant breaks its rule in its case"]],
  },
  {
    rule: "what others rely on is frozen, and a change of it names the decision",
    tests: [["tools/contracts.test.ts", "refuses an invented extra field, and names the page to read"]],
  },
  {
    rule: "tests that share ports or folders never run at the same time",
    tests: [["architecture/parallel-veto.test.ts", "runs one file after the other"]],
  },
  {
    rule: "the benchmarks on disk, those in the list, and the baselines are the same",
    tests: [
      ["bench/bodies.test.ts", "every file of benchmarks is in the list"],
      ["bench/collection.test.ts", "the benchmarks on disk, those in the list, and the baselines are the same"],
    ],
  },
  {
    rule: "what is banned in deterministic code is found there",
    tests: [
      ["architecture/ban-list.test.ts", "the check finds"],
      ["architecture/import-table.test.ts", "refuses an arrow that is not in the table"],
    ],
  },
  {
    rule: "spans close, nest and sum, and change nothing of a run",
    tests: [
      ["orchestrator/spans/traced-ports.test.ts", "the trace changes nothing of what the core does"],
      ["orchestrator/spans/traced-ports.test.ts", "of operations that overlap, a moment belongs to"],
      ["cli/profile.test.ts", "kinds sum to their total"],
    ],
  },
  {
    rule: "warm-ups and set-up are outside of what is timed",
    tests: [["bench/measure.test.ts", "warm-ups are run and not counted, and set-up and tear-down are not timed"]],
  },
  {
    rule: "statistics are those of the textbooks",
    tests: [
      ["bench/bench-statistics.test.ts", "gives percentiles by the nearest rank"],
      ["bench/bench-statistics.test.ts", "divides by n - 1"],
      ["bench/bench-statistics.test.ts", "has the 5 %% point of the tables"],
      ["bench/bench-statistics.test.ts", "compares constants exactly"],
      ["bench/mann-whitney.test.ts", "is what all orders of the values say"],
    ],
  },
  {
    rule: "outliers are shown, and kept",
    tests: [["bench/bench-statistics.test.ts", "shows outliers, and keeps them"]],
  },
  {
    rule: "a quarter more is found on a busy machine, and the same beside itself raises no alarm",
    tests: [
      ["bench/side-by-side.test.ts", "a quarter more is found, whatever else the machine does"],
      ["bench/side-by-side.test.ts", "the same beside itself is never a failure"],
      ["bench/bench-statistics.test.ts", "is wrong about equal groups as often as it says"],
    ],
  },
  {
    rule: "two measurements are compared in a table in which names are text",
    tests: [
      ["cli/bench-command.test.ts", "names that were meant as markup stay text in Markdown"],
      ["cli/bench-command.test.ts", "refuses to compare with %s"],
      ["cli/bench-report.test.ts", "what somebody wrote into a name is text"],
    ],
  },
  {
    rule: "evidence says the same in its two files",
    tests: [["tools/evidence.test.ts", "says the same in its two files"]],
  },
  {
    rule: "a claim is held against two measurements",
    tests: [["cli/bench-command.test.ts", "a claim is true or false, by what was measured"]],
  },
  {
    rule: "there is one table of gates, and the page of it is held to the code",
    tests: [
      ["bench/predecessor-defects.test.ts", "not here"],
      ["bench/bench-verdict.test.ts", "21 % of a deterministic metric fail, 19 % are a comment"],
    ],
  },
  {
    rule: "budgets are measured in every run, and a broken one names what, whose and how much",
    tests: [["limits/budgets/budget-invariants.test.ts", "of less than a run took fails it"]],
  },
  {
    rule: "runs are kept, a line each, and make a trend",
    tests: [["cli/bench-report.test.ts", "three runs make a trend"]],
  },
];
