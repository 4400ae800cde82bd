import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The path of what `npm publish` would send. */
    readonly tarball: string;
    /** As npm tells it. */
    readonly packed: PackedPackage;
  }
}

export interface PackedPackage {
  readonly filename: string;
  /** In bytes, compressed. */
  readonly size: number;
  /** In bytes. */
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Builds and packs once for all tests. */
export async function setup(project: TestProject): Promise<() => void> {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "stormlane-packed-"));
  await execa("npm", ["run", "build"], { cwd: root });
  // Built already, and a second time would only be slower.
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execa("npm", args, { cwd: root });
  const [packed] = Object.values(JSON.parse(stdout) as Readonly<Record<string, PackedPackage>>);
  project.provide("packed", packed!);
  project.provide("tarball", join(folder, packed!.filename));
  return () => rmSync(folder, { recursive: true, force: true });
}
