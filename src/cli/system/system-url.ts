import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Host } from "../host.ts";

/** A system's file stands as the catalogue of its one scenario: threads load it by its URL. */
const mark = "?system";

/** Of a command that takes `--system`. */
export interface SystemFlag {
  readonly system?: string;
}

/** @param file as the user gave it with `--system`; without one the host as it is */
export function withSystem(host: Host, file: string | undefined): Host {
  if (file === undefined) return host;
  return { ...host, catalogueUrl: new URL(pathToFileURL(resolve(host.cwd, file)).href + mark) };
}

export function isSystemUrl(url: URL): boolean {
  return url.search === mark;
}
