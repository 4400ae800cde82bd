/** As VitePress takes it; named here, since a test reads this file where VitePress is not installed. */
interface Group {
  text: string;
  items: { text: string; link: string }[];
}

/** All pages in the order a reader may take them. `test/docs/navigation.test.ts` holds that none is left out. */
export const sidebar: Group[] = [
  {
    text: "Start",
    items: [
      { text: "What it is", link: "/" },
      { text: "Tutorial", link: "/tutorial" },
      { text: "Comparison", link: "/comparison" },
    ],
  },
  {
    text: "How-to",
    items: [
      { text: "Overview", link: "/how-to/" },
      { text: "Your own project", link: "/how-to/own-project" },
      { text: "Your orchestrator, unmodified", link: "/in-process" },
      { text: "Three fidelities", link: "/fidelity" },
      { text: "Adapters, with an example each", link: "/adapters" },
      { text: "Known bugs of packages", link: "/known-bugs" },
      { text: "Write a scenario", link: "/how-to/scenario" },
      { text: "Write an invariant", link: "/how-to/invariant" },
      { text: "Choose faults", link: "/how-to/fault" },
      { text: "Write a fake", link: "/how-to/fake" },
      { text: "Reproduce a failure", link: "/how-to/reproduce" },
      { text: "Incidents from logs", link: "/incidents" },
      { text: "Set limits", link: "/how-to/limits" },
      { text: "Budgets", link: "/budgets" },
      { text: "Scenarios as vitest tests", link: "/vitest" },
      { text: "Continuous integration", link: "/how-to/ci" },
      { text: "Measure", link: "/how-to/measure" },
      { text: "Benchmarks of this project", link: "/benchmarks" },
      { text: "Lanes of this project", link: "/lanes" },
      { text: "Contracts of this project", link: "/contracts" },
    ],
  },
  {
    text: "Concepts",
    items: [
      { text: "Overview", link: "/concepts/" },
      { text: "Strategies", link: "/strategies" },
      { text: "Determinism", link: "/determinism" },
      { text: "Every schedule", link: "/exhaustive" },
      { text: "Progress", link: "/progress" },
      { text: "Small failures, and why", link: "/explain" },
      { text: "The fault budget", link: "/fault-budget" },
      { text: "Foot-guns", link: "/foot-guns" },
      { text: "Degraded conditions", link: "/degraded-conditions" },
      { text: "Mutants", link: "/mutants" },
      { text: "The map of modules", link: "/module-map" },
    ],
  },
  {
    text: "The fakes",
    items: [
      { text: "What the fakes model", link: "/fakes" },
      { text: "For real clients", link: "/serving" },
      { text: "Real processes", link: "/live" },
      { text: "As executables", link: "/executables" },
      { text: "Conformance", link: "/conformance" },
    ],
  },
  {
    text: "Campaigns",
    items: [
      { text: "Campaigns", link: "/campaigns" },
      { text: "The campaign page", link: "/campaign-page" },
      { text: "On many machines", link: "/many-machines" },
      { text: "The viewer", link: "/viewer" },
      { text: "Reports for machines", link: "/reports" },
      { text: "The release brief", link: "/review" },
      { text: "What load it holds", link: "/load-limits" },
    ],
  },
  {
    text: "The orchestrator core",
    items: [
      { text: "The core", link: "/orchestrator" },
      { text: "Running it for real", link: "/serve" },
      { text: "Work packages", link: "/work-packages" },
      { text: "Limits", link: "/limits" },
    ],
  },
  {
    text: "Reference",
    items: [
      { text: "Overview", link: "/reference/" },
      { text: "Commands", link: "/reference/commands" },
      { text: "stormlane", link: "/reference/stormlane" },
      { text: "stormlane/ports", link: "/reference/ports" },
      { text: "stormlane/real", link: "/reference/real" },
      { text: "stormlane/orchestrator", link: "/reference/orchestrator" },
      { text: "stormlane/in-process", link: "/reference/in-process" },
      { text: "stormlane/fakes", link: "/reference/fakes" },
      { text: "stormlane/msw", link: "/reference/msw" },
      { text: "stormlane/vitest", link: "/reference/vitest" },
      { text: "The package", link: "/package" },
      { text: "The command line", link: "/cli" },
      { text: "Scenarios", link: "/scenarios" },
      { text: "Faults", link: "/faults" },
      { text: "Invariants", link: "/invariants" },
    ],
  },
];
