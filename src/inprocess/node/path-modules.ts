import path from "node:path";
import url from "node:url";

const { posix, win32 } = path;

/** `node:path` of a process: Node's own begins relative paths in the folder that the simulation was started in. */
export function pathModule(cwd: () => string): object {
  const resolve = (...parts: string[]): string => posix.resolve(cwd(), ...parts);
  const relative = (from: string, to: string): string => posix.relative(resolve(from), resolve(to));
  const module: Record<string, unknown> = { ...posix, resolve, relative, win32 };
  module["posix"] = module;
  return module;
}

/** `node:url`, the same. */
export function urlModule(cwd: () => string): object {
  const pathToFileURL = (file: string, options?: { readonly windows?: boolean }): URL =>
    url.pathToFileURL(posix.isAbsolute(file) ? file : posix.join(cwd(), file), options);
  return { ...url, pathToFileURL };
}
