import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const cache = new URL("../node_modules/.cache/stormlane-nodes", import.meta.url).pathname;

/** The majors that `engines` of package.json allows and that are released. */
export const supportedMajors = ["22", "24", "26"] as const;

/**
 * A Node of that major, from an npm package of its own in node_modules/.cache: the project's pinned one stays what it is.
 *
 * @returns the path of the binary
 */
export async function nodeOf(major: string): Promise<string> {
  const folder = join(cache, major);
  const binary = join(folder, "node_modules/node/bin/node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true, "allowScripts": { "node": true } }\n');
    await execa("npm", ["install", `node@${major}`, "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder });
  }
  const { stdout: version } = await execa(binary, ["--version"]);
  if (!version.startsWith(`v${major}.`)) throw new Error(`asked for Node ${major}, got ${version}`);
  return binary;
}
