/**
 * Who may import whom. The left side is a folder (or `src/index.ts`), the right side what it reaches beyond itself:
 * `values` for any import, `types` for `import type` alone. `test/` may import anything and is not listed.
 */
export interface FolderRule {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

export const importTable: Readonly<Record<string, FolderRule>> = {
  "src/base": allow(),
  "src/kernel": allow(["src/base"]),
  "src/ports": allow(["src/base"]),
  "src/real": allow(["src/base", "src/ports"]),
  "src/orchestrator": allow(["src/base", "src/ports"]),
  "src/faults": allow(["src/base", "src/kernel", "src/ports"]),
  "src/history": allow(["src/base"], ["src/kernel", "src/ports"]),
  "src/invariants": allow(["src/base", "src/history"], ["src/ports"]),
  "src/sim": allow(["src/base", "src/kernel", "src/ports", "src/faults", "src/history", "src/invariants"]),
  // Strategies fill the kernel's scheduler seam and draw from its named draws; both know no domain.
  "src/explore": allow(["src/base", "src/kernel", "src/faults"], ["src/sim"]),
  "src/shrink": allow(["src/base", "src/faults"], ["src/sim"]),
  "src/explain": allow(
    ["src/base", "src/kernel", "src/faults", "src/history", "src/report", "src/explore", "src/shrink", "src/sim"],
    ["src/invariants"],
  ),
  "src/campaign": allow(["src/base", "src/real", "src/explore", "src/shrink", "src/explain"], ["src/sim"]),
  // How fast which strategy finds which mutant, and the statistics of it.
  "src/trials": allow(["src/base", "src/explore", "src/campaign", "src/shrink"], ["src/sim"]),
  "src/report": allow(["src/base", "src/history", "src/invariants", "src/faults"], ["src/sim"]),
  "src/bench": allow(["src/base"]),
  "src/limits": allow(
    ["src/base", "src/kernel", "src/faults", "src/history", "src/invariants", "src/explore", "src/campaign"],
    ["src/sim"],
  ),
  // What the release brief says, from histories and from what was measured; runs are handed in.
  "src/review": allow(
    ["src/base", "src/history", "src/invariants", "src/faults", "src/limits", "src/bench", "src/report"],
    ["src/kernel", "src/sim"],
  ),
  // Users' unmodified code on the kernel: loader, and Node's own modules over the world of one process.
  "src/inprocess": allow(["src/base", "src/kernel", "src/ports", "src/sim"], ["src/faults"]),
  "src/live": allow(
    ["src/base", "src/kernel", "src/real", "src/faults", "src/history", "src/invariants", "src/serving", "fakes"],
    ["src/ports"],
  ),
  // The fakes over HTTP and as executables: real sockets and real time around pure models.
  "src/serving": allow(["src/base", "src/kernel", "src/ports", "src/real", "src/faults", "src/history", "fakes"]),
  // One case in simulation, over sockets and with real processes; what runs in each is compared as values.
  "src/fidelity": allow(
    [
      "src/base",
      "src/kernel",
      "src/history",
      "src/real",
      "src/sim",
      "src/inprocess",
      "src/serving",
      "src/live",
      "fakes",
    ],
    ["src/ports"],
  ),
  // Recordings of a real Kanboard against any server; the comparison is pure, the rest is sockets and files.
  "src/conformance": allow(["src/base"]),
  // Logs of an incident into a case with open places, and the search over those; runs are handed in.
  "src/incidents": allow(
    ["src/base", "src/kernel", "src/faults", "src/history", "src/explore", "src/campaign"],
    ["src/sim"],
  ),
  // Names the optional package that is missing.
  "src/peers": allow(),
  "src/msw": allow(["src/index.ts", "src/serving", "src/peers", "fakes"]),
  // A campaign inside somebody's test, told as the command line tells it.
  "src/vitest": allow([
    "src/base",
    "src/kernel",
    "src/real",
    "src/sim",
    "src/explore",
    "src/campaign",
    "src/report",
    "src/peers",
    "src/limits",
    "src/cli",
  ]),
  "src/cli": allow(["src", "scenarios", "fakes"]),
  "src/index.ts": allow(["src", "fakes"]),
  // Doors to parts: what a user's production code imports brings nothing of the simulation along.
  "src/ports.ts": allow(["src/base"], ["src/ports"]),
  "src/real.ts": allow(["src/real"]),
  "src/orchestrator.ts": allow(["src/orchestrator"]),
  "src/in-process.ts": allow(["src/inprocess"]),
  "src/fakes.ts": allow(["fakes"], ["src/ports"]),
  // What users write a world of their own with: a scenario out of its parts, on the fakes.
  "src/define": allow(
    ["src/base", "src/faults", "fakes"],
    ["src/history", "src/invariants", "src/limits", "src/ports", "src/sim"],
  ),
  fakes: allow(["src/base", "src/kernel", "src/ports"]),
  scenarios: allow(["src/index.ts", "fakes"]),
};

/**
 * The order inside the orchestrator core. `orchestrator` folders that are not listed, and the files beside them, may
 * import each other; the rule of `onlyImporters` holds for all.
 */
const core = "src/orchestrator";
const pure = allow(["src/base"], [core, "src/ports"]);
/** One door to the world each. They share types and the pure `governance`, never each other. */
const door = allow(["src/base", "src/ports", `${core}/governance`], [core]);

export const coreTable: Readonly<Record<string, FolderRule>> = {
  [`${core}/decide`]: pure,
  [`${core}/governance`]: pure,
  [`${core}/board`]: door,
  [`${core}/workspace`]: door,
  [`${core}/llm`]: door,
  [`${core}/process`]: door,
};

/** A folder whose values only the named ones may import: whatever the trigger, agents are started in one place. */
export const onlyImporters: Readonly<Record<string, readonly string[]>> = {
  [`${core}/agents`]: [`${core}/dispatch`],
};

/** The process around the simulation: real files, real time, real programs. */
const hosts = [
  "src/real",
  "src/cli",
  "src/campaign",
  "src/live",
  "src/fidelity",
  "src/report",
  "src/review",
  "src/bench",
  "src/incidents",
  "src/serving",
  "src/conformance",
  "src/vitest",
];

/** Which folder or file may import which package, types included. `node:*` stands for the modules not named here. */
export const packageTable: Readonly<Record<string, readonly string[]>> = {
  bullmq: ["src/campaign/queue"],
  ioredis: ["src/campaign/queue"],
  commander: ["src/cli"],
  "@clack/prompts": ["src/cli"],
  chokidar: ["src/cli"],
  "log-update": ["src/cli"],
  execa: ["src/real", "src/live"],
  "fast-check": ["scenarios", "src/index.ts", "src/define", "src/explore", "src/shrink", "src/cli/system"],
  "fastest-levenshtein": ["src/cli"],
  hono: ["src/serving", "src/live", "src/fidelity", "src/cli/ui"],
  "@hono/node-server": ["src/serving"],
  jsonrepair: ["src/orchestrator/llm"],
  msw: ["src/msw"],
  "oxc-resolver": ["src/inprocess"],
  "oxc-transform": ["src/inprocess"],
  piscina: ["src/campaign"],
  vitest: ["src/vitest"],
  zod: [
    "src/cli",
    "src/orchestrator",
    "src/sim",
    "src/campaign",
    "src/bench",
    "src/incidents",
    "src/live",
    "src/serving",
    "src/conformance",
    "scenarios",
    "fakes",
  ],
  // Digests are pure functions. Of these two modules the ban list lets nothing else into deterministic folders.
  "node:crypto": ["src/base/digest.ts", "fakes", "src/kernel/guards.ts", "src/inprocess", ...hosts],
  "node:path": ["src/orchestrator", "src/sim", "fakes", "src/inprocess", ...hosts],
  "node:*": ["src/kernel/guards.ts", "src/inprocess", "src/peers", ...hosts],
};

/** The name this package has for its users: its one public door. */
export const ownName = { specifier: "stormlane", path: "src/index.ts" };

function allow(values: readonly string[] = [], types: readonly string[] = []): FolderRule {
  return { values, types };
}
