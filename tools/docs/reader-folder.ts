import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { doors } from "./api-reference.ts";
import { root } from "./pages.ts";

/** Packages that a reader's own code may import beside `stormlane`. */
const packages = ["fast-check", "vitest", "msw", "zod", "@types/node"];

/**
 * A folder as a reader has it after `npm install stormlane`: the package is the sources of this clone, so that nothing
 * need be built, and `npx` finds its command and those of vitest and TypeScript.
 */
export class ReaderFolder {
  readonly path = mkdtempSync(join(tmpdir(), "stormlane-reader-"));
  private readonly programs = mkdtempSync(join(tmpdir(), "stormlane-programs-"));

  constructor() {
    writeFileSync(join(this.path, "package.json"), `${JSON.stringify({ name: "reader", type: "module" })}\n`);
    writeFileSync(join(this.path, "tsconfig.json"), `${JSON.stringify(tsconfig, undefined, 2)}\n`);
    for (const name of packages) this.link(join(root, "node_modules", name), join("node_modules", name));
    this.installStormlane();
    writeFileSync(join(this.programs, "npx"), npx);
    chmodSync(join(this.programs, "npx"), 0o755);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  /** @returns what it printed on both streams, in order and without progress, and its exit code */
  run(script: string): { readonly printed: string; readonly exitCode: number } {
    const { PATH = "", HOME = "" } = process.env;
    const result = spawnSync("bash", ["-euo", "pipefail", "-c", `exec 2>&1\n${script}`], {
      cwd: this.path,
      encoding: "utf8",
      // Nothing of the environment of a continuous integration: pages show what a reader sees.
      env: { PATH: `${this.programs}:${dirname(process.execPath)}:${PATH}`, HOME, TMPDIR: tmpdir(), NO_COLOR: "1" },
      timeout: 300_000,
    });
    return { printed: withoutProgress(result.stdout), exitCode: result.status ?? 137 };
  }

  /** @returns what TypeScript has to say, empty when all is well */
  check(): string {
    return spawnSync(process.execPath, [compiler, "-p", this.path], { cwd: this.path, encoding: "utf8" }).stdout;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    rmSync(this.programs, { recursive: true, force: true });
  }

  /** Its exports lead to sources. They lie outside `node_modules` once links are followed, so Node runs them as they are. */
  private installStormlane(): void {
    const installed = "node_modules/stormlane";
    for (const folder of ["src", "fakes", "scenarios"]) this.link(join(root, folder), join(installed, folder));
    const exports = Object.fromEntries(
      doors().map(({ specifier, path }) => [specifier.replace("stormlane", "."), `./${path}`]),
    );
    this.write(`${installed}/package.json`, JSON.stringify({ name: "stormlane", type: "module", exports }));
  }

  private link(target: string, name: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    symlinkSync(target, join(this.path, name));
  }
}

/** How often a run tells how far it is depends on the machine. */
export function withoutProgress(printed: string): string {
  return printed.replaceAll(/^.*: [\d,]+\/[\d,]+ runs, .* failed\n/gm, "");
}

const compiler = join(root, "node_modules/typescript/bin/tsc");

/** As strict as this project is. */
const tsconfig = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    resolveJsonModule: true,
    types: ["node"],
  },
  include: ["**/*.ts"],
};

/** `npx NAME …` with the programs of this clone. */
const npx = `#!/bin/sh
name=$1
shift
case $name in
  stormlane) exec node ${join(root, "src/cli/bin.ts")} "$@" ;;
  vitest) exec node ${join(root, "node_modules/vitest/vitest.mjs")} "$@" ;;
  tsc) exec node ${compiler} "$@" ;;
  *) echo "npx: $name is not installed" >&2; exit 127 ;;
esac
`;
