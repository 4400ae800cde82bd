import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { runStormlane } from "../cli/project/project-folder.ts";
import { temporaryFolder } from "../cli/run-command.ts";

/** What of the document of `run --json` says how an example did. */
interface RunDocument {
  readonly scenarios: readonly {
    readonly runs: number;
    readonly failures: readonly { readonly signature: string }[];
  }[];
  readonly determinism: { readonly checked: number; readonly mismatches: number };
}

/** Runs what a script of an example's `package.json` runs, as its folder has it. @param args beside those of the script */
export async function runExample(name: string, script: string, args: readonly string[]): Promise<RunDocument> {
  const folder = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [program, ...words] = scripts[script]!.split(" ");
  expect(program).toBe("stormlane");
  const out = ["--json", "--workers", "0", "--out", temporaryFolder()];
  const end = await runStormlane([...words, ...args, ...out], folder);
  expect(end.out, end.error).toMatch(/^\{/);
  return JSON.parse(end.out) as RunDocument;
}
