import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { installGuards } from "../kernel/guards.ts";
import type { Ports } from "../ports/ports.ts";
import { CompileError } from "./loading/compile.ts";
import { ModuleGraph } from "./loading/module-graph.ts";
import { projectFolder, SourceTree } from "./loading/source-tree.ts";
import { Builtins } from "./node/builtins.ts";
import { GlobalScope, globalNames } from "./node/global-scope.ts";
import { installNodeHooks } from "./node/node-hooks.ts";
import { processObject } from "./node/process-object.ts";
import { UserProcess, type ProgramStart } from "./node/user-process.ts";

/** In the log of a process whose entry has run to the end of its top level. */
export const loadedEvent = "program.loaded";

/**
 * Unmodified code as a system under test: files of one project, of which each process of a scenario runs one. They are compiled
 * once; each life of each process runs them anew, with memory, timers and globals of its own.
 */
export class UnmodifiedSystem {
  private readonly tree: SourceTree;

  /** @param entry absolute path, or `file:` URL, of one of its files: the nearest package.json above says where the project is */
  constructor(entry: string | URL) {
    installGuards();
    installNodeHooks();
    this.tree = new SourceTree(pathOf(entry), globalNames);
  }

  /** Absolute paths of its files and those of its packages, as far as they are imported by static imports. */
  get files(): readonly string[] {
    return this.tree.files;
  }

  /**
   * @param entry absolute path, or `file:` URL
   * @returns what a process of a scenario runs
   * @throws {CompileError} for a file that is not there, or cannot be run here
   */
  main(entry: string | URL, start: Partial<ProgramStart> = {}): (ports: Ports) => Promise<void> {
    const path = pathOf(entry);
    this.tree.compileAll(path);
    const whole: ProgramStart = { args: [], env: {}, cwd: projectFolder, ...start };
    return (ports) => runProgram(this.tree, path, whole, ports);
  }
}

/** @throws {CompileError} */
function pathOf(entry: string | URL): string {
  const path = entry instanceof URL || entry.startsWith("file:") ? fileURLToPath(entry) : entry;
  if (!isAbsolute(path)) throw new CompileError(path, `must be absolute, as new URL("./main.ts", import.meta.url)`);
  if (!existsSync(path)) throw new CompileError(path, "there is no such file");
  return path;
}

function runProgram(tree: SourceTree, entry: string, start: ProgramStart, ports: Ports): Promise<void> {
  const user = new UserProcess(ports, tree, start);
  return user.run(async () => {
    const object = processObject(user, tree.virtualPath(entry));
    const scope = new GlobalScope(user, object);
    const builtins = new Builtins(user, scope, object, (from) => graph.requireFrom(tree.realPath(from)));
    const graph = new ModuleGraph(tree, entry, {
      globals: () => scope.values(),
      builtin: (name) => builtins.get(name),
      env: object.env,
    });
    await graph.run();
    user.task.ports.log.event(loadedEvent, {});
  });
}
