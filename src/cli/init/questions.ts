import { confirm, intro, isCancel, outro, select, text } from "@clack/prompts";
import { scaffoldKinds, type ScaffoldKind } from "./scaffold-kinds.ts";

/** What has to be known to begin a project. */
export interface Answers {
  readonly kind: ScaffoldKind;
  /** As it was given, relative to the working folder. */
  readonly folder: string;
  /** A workflow for GitHub Actions. */
  readonly ci: boolean;
}

/**
 * Asks for what is not known yet, three questions at most.
 *
 * @returns undefined when somebody broke it off
 */
export async function askQuestions(known: Partial<Answers>): Promise<Answers | undefined> {
  intro("stormlane init");
  const kind = known.kind ?? (await askKind());
  if (isCancel(kind)) return undefined;
  const folder = known.folder ?? (await text({ message: "Into which folder?", initialValue: ".", defaultValue: "." }));
  if (isCancel(folder)) return undefined;
  const ci = known.ci ?? (await confirm({ message: "With a workflow for GitHub Actions?", initialValue: true }));
  if (isCancel(ci)) return undefined;
  outro("That is all.");
  return { kind, folder: folder === "" ? "." : folder, ci };
}

function askKind(): ReturnType<typeof select<ScaffoldKind>> {
  const names = Object.keys(scaffoldKinds) as ScaffoldKind[];
  return select<ScaffoldKind>({
    message: "How is your orchestrator tested?",
    options: names.map((value) => ({ value, label: scaffoldKinds[value].label, hint: scaffoldKinds[value].hint })),
  });
}
