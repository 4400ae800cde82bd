import { readFileSync } from "node:fs";
import type { Answers } from "./questions.ts";
import type { ScaffoldKind } from "./scaffold-kinds.ts";

export interface ScaffoldFile {
  /** In the project, with slashes. */
  readonly path: string;
  readonly content: string;
  /** One that many projects have already, and that is left as it is there. */
  readonly isShared: boolean;
}

/** Path in the project to the template's. */
const own: Readonly<Record<ScaffoldKind, Readonly<Record<string, string>>>> = {
  ports: {
    "stormlane.config.ts": "ports/stormlane.config.ts.txt",
    "src/board.ts": "ports/board.ts.txt",
    "src/worker.ts": "ports/worker.ts.txt",
    "scenarios/claim-race/scenario.ts": "ports/scenario.ts.txt",
    "test/claim-race.test.ts": "ports/test.ts.txt",
  },
  http: {
    "stormlane/fakes.json": "http/fakes.json.txt",
    "stormlane/orchestrator.mjs": "http/orchestrator.mjs.txt",
    "stormlane/orchestrator.test.ts": "http/test.ts.txt",
  },
};

const shared: Readonly<Record<string, string>> = {
  "tsconfig.json": "tsconfig.json.txt",
  ".gitignore": "gitignore.txt",
};

/**
 * The files of a new project, in the order in which a reader wants them.
 *
 * @param isModule `.ts` is an ES module in this package; else what is written is `.mts`
 */
export function scaffold(
  { kind, ci }: Pick<Answers, "kind" | "ci">,
  { isModule }: { readonly isModule: boolean },
): readonly ScaffoldFile[] {
  const spelt = (text: string): string => (isModule ? text : text.replaceAll(/\.ts\b/g, ".mts"));
  const workflow = ci ? { ".github/workflows/stormlane.yml": `${kind}/workflow.yml.txt` } : {};
  const files = (templates: Readonly<Record<string, string>>): { path: string; content: string }[] =>
    Object.entries(templates).map(([path, template]) => ({ path, content: readTemplate(template) }));
  return [
    ...files({ ...own[kind], ...workflow }).map(({ path, content }) => ({
      path: spelt(path),
      content: spelt(content),
      isShared: false,
    })),
    ...files(shared).map((file) => ({ ...file, isShared: true })),
  ];
}

/** They end in `.txt` so that nothing takes them for code of this package. */
function readTemplate(name: string): string {
  return readFileSync(new URL(`templates/${name}`, import.meta.url), "utf8");
}
