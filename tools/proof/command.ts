import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { JsonObject } from "../../src/base/json.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A command of the project that prints one JSON document, in a fresh process of the Node that runs this. */
export async function jsonOf(
  script: string,
  args: readonly string[],
  nodeFlags?: readonly string[],
): Promise<JsonObject> {
  const { stdout, exitCode } = await runScript(script, args, nodeFlags);
  try {
    return JSON.parse(stdout) as JsonObject;
  } catch {
    throw new Error(`${script} ${args.join(" ")} ended with ${exitCode} and printed no JSON document`);
  }
}

/** Progress of the command goes to our own standard error. */
export async function runScript(
  script: string,
  args: readonly string[],
  nodeFlags: readonly string[] = process.execArgv,
): Promise<{ readonly stdout: string; readonly exitCode: number }> {
  const { stdout, exitCode } = await execa(process.execPath, [...nodeFlags, "--no-warnings", script, ...args], {
    cwd: root,
    reject: false,
    stderr: "inherit",
    maxBuffer: 100_000_000,
  });
  return { stdout, exitCode: exitCode ?? -1 };
}
