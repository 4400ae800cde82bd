import { requiredLanes } from "./lane-rules.ts";

export type WorkflowName = "ci" | "nightly" | "release";

/** A fault in a copy of a workflow's text, and what the rule must say of it. */
export interface PlantedFault {
  readonly in: WorkflowName;
  readonly from: string | RegExp;
  readonly to: string;
  readonly found: string;
}

/** By the rule that must find them. */
export const plantedFaults: Readonly<Record<string, readonly PlantedFault[]>> = {
  "may only read the repository, but for jobs that run none of its code": [
    ...["contents: write", "contents: read\n  packages: write", "write-all", "{}"].map((to) => ({
      in: "ci" as const,
      from: /permissions:\s+contents: read/,
      to: to.includes(":") ? `permissions:\n  ${to}` : `permissions: ${to}`,
      found: "the workflow has other permissions than contents: read",
    })),
    inLane("ci", "unit", "permissions: { contents: write }", 'may do {"contents":"write"}'),
    {
      in: "ci",
      from: "pull-requests: write",
      to: "pull-requests: write\n      contents: write",
      found: 'comment: may do {"pull-requests":"write","contents":"write"}',
    },
    {
      in: "ci",
      from: /(?= {6}- uses: actions\/download-artifact)/,
      to: "      - run: npm ci\n",
      found: "comment: runs code with more than the right to read: npm ci",
    },
    {
      in: "release",
      from: /(?= {6}- uses: actions\/download-artifact)/,
      to: "      - uses: actions/checkout@v5\n        with: { persist-credentials: false }\n",
      found: "publish: runs code with more than the right to read: actions/checkout@v5",
    },
  ],

  "pins its images": ["ubuntu-latest", "[ubuntu-24.04, self-hosted]"].map((to) => ({
    in: "nightly" as const,
    from: "runs-on: ubuntu-24.04",
    to: `runs-on: ${to}`,
    found: `fence: ${to.includes("latest") ? to : "self-hosted"} is no pinned image`,
  })),

  "limits the time of every job": [
    { in: "ci", from: / {4}timeout-minutes: \d+\n/, to: "", found: "fence: has no limit of 120 minutes or less" },
    {
      in: "nightly",
      from: "timeout-minutes: 120",
      to: "timeout-minutes: 360",
      found: "campaign: has no limit of 120 minutes or less",
    },
  ],

  "lets nothing fail unseen": [
    inLane("ci", "adversarial", "continue-on-error: true", "has continue-on-error"),
    {
      in: "ci",
      from: "      - name: which kept case",
      to: "      - continue-on-error: true\n        name: which kept case",
      found: "adversarial: has continue-on-error",
    },
    ...["|| true", "|| :;", "|| exit 0", "|| echo failed", "; true", "| cat"].map((to) => ({
      in: "ci" as const,
      from: /(?<=npm run canary)(?= )/,
      to: ` ${to}`,
      found: "fence: hides a failure: determinism canary",
    })),
    {
      in: "nightly",
      from: "run: npm run check",
      to: "run: set +e; npm run check",
      found: "fence: hides a failure: types, lint, unused code, format, import table, ban list, workflows",
    },
    {
      in: "ci",
      from: /shell: bash\n +/,
      to: "",
      found: "determinism: hides a failure: equal histories on Node 22, 24 and 26",
    },
  ],

  "puts no text from outside into a shell": [
    {
      in: "ci",
      from: '"$PULL_REQUEST"',
      to: "${{ github.event.number }}",
      found: "comment: has an expression in: comment, or say why not",
    },
  ],

  "keeps no token in the checkout": [
    {
      in: "nightly",
      from: /with:\s+persist-credentials: false\n/,
      to: "with: {}\n",
      found: "fence: keeps the token in the checkout",
    },
  ],

  "gives strangers' code no rights of the repository": ["pull_request_target", "workflow_run", "issue_comment"].map(
    (to) => ({ in: "ci" as const, from: "  pull_request:\n", to: `  ${to}:\n`, found: `starts by ${to}` }),
  ),

  "runs the fence first, and everything else after it": [
    { in: "ci", from: /fence/g, to: "checks", found: "fence: is not there" },
    {
      in: "nightly",
      from: /(?<= {2}fence:\n)/,
      to: "    if: github.actor != 'x'\n",
      found: "fence: waits for something",
    },
    { in: "ci", from: "npm run check", to: "npm run types", found: "fence: does not run npm run check" },
    { in: "ci", from: "npm run canary", to: "npm run types", found: "fence: does not run npm run canary" },
    { in: "ci", from: /(?<= {2}adversarial:\n) {4}needs: fence\n/, to: "", found: "adversarial: needs no fence first" },
    { in: "ci", from: "needs: [fence, bench]", to: "needs: [bench, fence]", found: "comment: needs no fence first" },
  ],

  "runs every lane": [
    inLane("ci", "adversarial", "if: github.event_name == 'push'", "runs only if github.event_name == 'push'"),
    {
      in: "ci",
      from: "npm test -- test/adversarial",
      to: "npm test -- --passWithNoTests test/adversarial",
      found: "adversarial: passes with no tests",
    },
  ],

  "keeps the reports of every lane, whatever its result": [
    { in: "ci", from: "        if: always()\n", to: "", found: "fence: does not keep reports/out at its end" },
    { in: "ci", from: "path: reports/out", to: "path: reports", found: "fence: does not keep reports/out at its end" },
    {
      in: "nightly",
      from: "if-no-files-found: error",
      to: "if-no-files-found: ignore",
      found: "fence: does not fail where there is no report",
    },
    {
      in: "ci",
      from: /mkdir -p reports\/out\n +npm run determinism .*/,
      to: "npm run determinism",
      found: "determinism: writes nothing to reports/out",
    },
  ],

  "takes actions of GitHub alone, by their major version": [
    ["actions/checkout@v5", "actions/checkout@main"],
    ["actions/setup-node@v5", "somebody/setup-node@v5"],
  ].map(([from, to]) => ({ in: "nightly" as const, from: from!, to: to!, found: `fence: uses ${to}` })),

  "has every lane that a change must pass": requiredLanes
    .filter((lane) => !["fence", "bench"].includes(lane))
    .flatMap((lane) => {
      const found = `${lane}: is not there`;
      return [
        { in: "ci" as const, from: new RegExp(`^ {2}${lane}:$`, "m"), to: `  ${lane}-2:`, found },
        { in: "ci" as const, from: new RegExp(`^ {2}${lane}:\\n(?: {4}.*\\n)*`, "m"), to: "", found },
      ];
    })
    // Others need these two: a workflow without them is none.
    .concat({ in: "ci", from: /bench(?=:\n|\])/g, to: "speed", found: "bench: is not there" })
    .concat({ in: "ci", from: /fence(?=[:,\n])/g, to: "checks", found: "fence: is not there" }),

  "starts by every change, whatever it touches": [
    {
      in: "ci",
      from: "  pull_request:\n",
      to: '  pull_request:\n    paths-ignore: ["docs/**"]\n',
      found: "does not start by every pull request",
    },
    { in: "ci", from: "  pull_request:\n", to: "", found: "does not start by every pull request" },
    { in: "ci", from: "branches: [main]", to: "branches: [trunk]", found: "does not start by every push to main" },
  ],

  "leaves no test to nobody": [
    {
      in: "ci",
      from: '--exclude "test/scenarios/**"',
      to: '--exclude "test/scenarios/**" --exclude "test/kernel/**"',
      found: "test/kernel: is left out by one lane, and run by none",
    },
    {
      in: "ci",
      from: "npm test -- test/scenarios ",
      to: "npm test -- test/kernel ",
      found: "test/scenarios: is left out by one lane, and run by none",
    },
  ],

  "compares what is frozen": [
    {
      in: "ci",
      from: "frozen -- --check",
      to: "frozen -- --update",
      found: "contract: does not compare what is frozen",
    },
    {
      in: "ci",
      from: /run: npm run frozen.*/,
      to: "run: npm --version",
      found: "contract: does not compare what is frozen",
    },
  ],

  "counts the tests that are left out": [
    {
      in: "ci",
      from: /run: npm run skips.*/,
      to: "run: node --version",
      found: "unit: does not count the tests that it leaves out",
    },
  ],

  "gates by the figures that no machine blurs, and tells of all of them": [
    { in: "ci", from: "-- bench --out", to: "-- bench --gate --out", found: "bench: gates by the wall clock" },
    {
      in: "ci",
      from: "npm run stormlane -- bench",
      to: "npm run stormlane -- profile",
      found: "bench: measures nothing",
    },
    { in: "ci", from: "--to summary", to: "--to none", found: "bench: does not show its tables" },
    { in: "ci", from: "!cancelled() && ", to: "", found: "comment: is silent when the figures are bad" },
    {
      in: "ci",
      from: "needs: [fence, bench]",
      to: "needs: [fence]",
      found: "comment: is silent when the figures are bad",
    },
  ],

  "starts by the clock in UTC, and by hand": [
    ...["0 2 * * 1", "*/5 * * * *", "@daily", ""].map((cron) => ({
      in: "nightly" as const,
      from: /cron: ".*"/,
      to: `cron: "${cron}"`,
      found: "starts at no fixed time of the day in UTC",
    })),
    {
      in: "nightly",
      from: /(?<=cron: ".*")/,
      to: "\n      timezone: Europe/Berlin",
      found: "starts at no fixed time of the day in UTC",
    },
    { in: "nightly", from: "workflow_dispatch", to: "repository_dispatch", found: "cannot be started by hand" },
  ],

  "runs new seeds, and many": [
    { in: "nightly", from: "|| '20000'", to: "|| '2000'", found: "campaign: runs fewer than 20,000 seeds" },
    {
      in: "nightly",
      from: "RUN: ${{ github.run_number }}",
      to: "RUN: 1",
      found: "campaign: runs the same seeds each night",
    },
    { in: "nightly", from: "$((RUN * SEEDS))", to: "$RUN", found: "campaign: runs seeds of the night before" },
  ],

  "runs the properties over other cases each night": [
    { in: "nightly", from: /^ {2}properties:$/m, to: "  cases:", found: "properties: is not there" },
    {
      in: "nightly",
      from: /npm test -- .*properties\.xml/,
      to: "npm run check -- --outputFile.junit=reports/out/properties.xml",
      found: "properties: does not run the tests",
    },
    {
      in: "nightly",
      from: "STORMLANE_PROPERTY_SEED: ${{ github.run_number }}",
      to: "STORMLANE_PROPERTY_SEED: 7",
      found: "properties: runs the same cases each night",
    },
  ],

  "gates by the wall clock too, as on a small machine": [
    { in: "nightly", from: "bench --gate", to: "bench", found: "bench: does not gate" },
    {
      in: "nightly",
      from: "bench beside ../before --gate",
      to: "bench beside ../before",
      found: "bench: does not gate by the code of the day before, on the same machine",
    },
    {
      in: "nightly",
      from: /STORMLANE_FORCE_CPUS: .*/,
      to: "CPUS: 2",
      found: "bench: takes as many processors as there are",
    },
    { in: "nightly", from: /^ {2}bench:$/m, to: "  speed:", found: "bench: is not there" },
  ],

  "proves everything that the project says of itself": [
    { in: "nightly", from: "          - sweep\n", to: "", found: "proof: leaves out sweep" },
    { in: "nightly", from: "- sweep\n", to: "- sweeps\n", found: "proof: sweeps is no part of it" },
    { in: "nightly", from: "- sweep\n", to: "- million\n", found: "proof: million is no part of it" },
    { in: "nightly", from: "fail-fast: false", to: "fail-fast: true", found: "proof: stops all parts when one fails" },
    { in: "nightly", from: /^ {2}proof:$/m, to: "  show:", found: "proof: is not there" },
  ],

  "calls only scripts, commands and flags that there are": [
    {
      in: "ci",
      from: "npm run canary",
      to: "npm run kanary",
      found: "fence: calls the script kanary, which there is not",
    },
    {
      in: "ci",
      from: "npm run test:redis",
      to: "npm run test:reddis",
      found: "redis: calls the script test:reddis, which there is not",
    },
    { in: "ci", from: "--no-real", to: "--no-reel", found: "limits: gives limits --no-reel, which there is not" },
    {
      in: "ci",
      from: "--to summary",
      to: "--too summary",
      found: "bench: gives bench report --too, which there is not",
    },
    { in: "ci", from: "-- bench", to: "-- benches", found: "bench: calls the command benches, which there is not" },
    { in: "nightly", from: "--first-seed", to: "--begin", found: "campaign: gives run --begin, which there is not" },
  ],

  "starts by a release alone": [
    {
      in: "release",
      from: "types: [published]",
      to: "types: [published, edited]",
      found: "starts by more than a release",
    },
    { in: "release", from: "on:\n", to: "on:\n  push:\n", found: "starts by more than a release" },
  ],

  "publishes what was checked, with provenance, and without a token": [
    { in: "release", from: "      - run: npm test\n", to: "", found: "pack: does not run npm test" },
    { in: "release", from: "needs: pack", to: "if: always()", found: "publish: does not wait for the package" },
    { in: "release", from: " --provenance", to: "", found: "publish: does not publish with provenance alone" },
    { in: "release", from: " --ignore-scripts\n", to: "\n", found: "publish: does not publish with provenance alone" },
    {
      in: "release",
      from: "environment: npm\n",
      to: "environment: npm\n    env:\n      NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n",
      found: "publish: is given NODE_AUTH_TOKEN",
    },
  ],

  "takes actions of GitHub alone, by their commit": [
    {
      in: "release",
      from: /actions\/setup-node@[0-9a-f]+/,
      to: "actions/setup-node@v5",
      found: "pack: uses actions/setup-node@v5",
    },
  ],
};

function inLane(workflow: WorkflowName, lane: string, line: string, found: string): PlantedFault {
  return { in: workflow, from: new RegExp(`(?<= {2}${lane}:\\n)`), to: `    ${line}\n`, found: `${lane}: ${found}` };
}
