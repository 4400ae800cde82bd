import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { nodeOf } from "../../../tools/nodes.ts";

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder somewhere else, as a user has it, where `node`, `npm` and `npx` are those of one major of Node. */
export class UserProject {
  readonly folder: string;
  private readonly node: string;

  private constructor(folder: string, node: string) {
    this.folder = folder;
    this.node = node;
  }

  static async create(major: string): Promise<UserProject> {
    const folder = mkdtempSync(join(tmpdir(), `stormlane-user-${major}-`));
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    return new UserProject(folder, await nodeOf(major));
  }

  /** Throws what npm said when it refuses. */
  async install(...packages: readonly string[]): Promise<void> {
    const { exitCode, stderr } = await this.run("npm", "install", "--no-audit", "--no-fund", ...packages);
    if (exitCode !== 0) throw new Error(`npm install ${packages.join(" ")}: ${stderr}`);
  }

  /** The command as npx would start it, without npx. */
  stormlane(...args: readonly string[]): Promise<Ended> {
    return this.run("node", "node_modules/stormlane/dist/src/cli/bin.js", ...args);
  }

  async run(command: string, ...args: readonly string[]): Promise<Ended> {
    const env = { ...withoutParents(process.env), PATH: [dirname(this.node), process.env["PATH"]].join(delimiter) };
    const { exitCode, stdout, stderr } = await execa(command, args, {
      cwd: this.folder,
      env,
      extendEnv: false,
      reject: false,
    });
    return { exitCode, stdout, stderr };
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What npm and vitest tell their children would point them at this repository. */
function withoutParents(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own =
    /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(local|global)_prefix|INIT_CWD|NODE_|VITEST)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}
