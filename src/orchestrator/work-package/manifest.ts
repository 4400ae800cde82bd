import type { WorkPackage } from "./work-package.ts";

/**
 * The manifest: what the events say, as one file for whoever looks from outside. The core writes it and never believes
 * it, so that half a manifest, an old one or one that somebody edited changes nothing.
 */
export function serialiseManifest(work: WorkPackage): string {
  const { reference, title, workspace, stage, sequence, atMs, artifacts, approvals } = work;
  const manifest = { version: 1, reference, title, workspace, stage, sequence, atMs, artifacts, approvals };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
