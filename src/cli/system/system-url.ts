import { relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Host } from "../host.ts";
import { quoted } from "../own-package.ts";

/** A system's file stands as the catalogue of its one scenario: threads load it by its URL. */
const mark = "?system";

/** @param file as the user gave it with `--system`; without one the host as it is */
export function withSystem(host: Host, file: string | undefined): Host {
  if (file === undefined) return host;
  return { ...host, catalogueUrl: new URL(pathToFileURL(resolve(host.cwd, file)).href + mark) };
}

export function isSystemUrl(url: URL): boolean {
  return url.search === mark;
}

/** As it stands behind a command that is printed; empty where no system was named. */
export function systemFlag(url: URL | undefined, cwd: string): string {
  return url !== undefined && isSystemUrl(url) ? ` --system ${quoted(relative(cwd, fileURLToPath(url)))}` : "";
}
