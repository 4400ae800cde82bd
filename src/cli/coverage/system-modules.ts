import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";

/** The modules whose tests are in question. Plain data: it goes to another thread. */
export interface SystemUnderTest {
  /** URL of its folder, with a slash at its end. */
  readonly rootUrl: string;
  /** URLs of modules below it that are none of it: a project's config and scenarios. */
  readonly otherUrls: readonly string[];
  /** URLs of all its modules, also of those that nothing loads. Empty where loading them might do something. */
  readonly moduleUrls: readonly string[];
  /** Whether it is the built-in orchestrator core, for which there are mutants. */
  readonly isCore: boolean;
  /** Absolute path of what `--system` named: its modules run inside functions, under the names they have in there. */
  readonly unmodified?: string;
}

/** Installed packages are none of a system. */
export function isOfSystem({ rootUrl, otherUrls }: SystemUnderTest, url: string): boolean {
  return url.startsWith(rootUrl) && !url.slice(rootUrl.length).includes("node_modules/") && !otherUrls.includes(url);
}

/** As the inspector names it, for the name that a frame of a stack has: code that was compiled by hand has a path there. */
export function urlOfFrame({ unmodified }: SystemUnderTest, name: string): string | undefined {
  const isPath = isAbsolute(name);
  // What lies on this machine where the simulated one has the system is none of it.
  if (isPath !== (unmodified !== undefined)) return undefined;
  return isPath ? pathToFileURL(name).href : name;
}

/** As in reports: `claims/claims.ts`. */
export function moduleName({ rootUrl }: SystemUnderTest, url: string): string {
  return decodeURIComponent(url.slice(rootUrl.length));
}
