import { installGuards } from "../kernel/guards.ts";
import type { Ports } from "../ports/ports.ts";
import { ModuleGraph } from "./loading/module-graph.ts";
import { writtenPlace, type Place } from "./loading/stack-places.ts";
import { projectFolder, SourceTree } from "./loading/source-tree.ts";
import { Builtins } from "./node/builtins.ts";
import { GlobalScope, globalNames } from "./node/global-scope.ts";
import { installNodeHooks } from "./node/node-hooks.ts";
import { processObject } from "./node/process-object.ts";
import { UserProcess, type ProgramStart } from "./node/user-process.ts";

/** In the log of a process whose entry has run to the end of its top level. */
export const loadedEvent = "program.loaded";

/**
 * Unmodified code as a system under test: files of a user's, of which each process of a scenario runs one. They are compiled
 * once; each life of each process runs them anew, with memory, timers and globals of its own.
 */
export class UnmodifiedSystem {
  private readonly tree: SourceTree;

  /** @param entry absolute path of one of its files */
  constructor(entry: string) {
    installGuards();
    installNodeHooks();
    this.tree = new SourceTree(entry, globalNames);
  }

  /** Absolute paths of its files and those of its packages, as far as they are imported by static imports. */
  get files(): readonly string[] {
    return this.tree.files;
  }

  /**
   * @param entry absolute path
   * @returns what a process of a scenario runs
   * @throws {CompileError} for a file that cannot be run here
   */
  main(entry: string, start: Partial<ProgramStart> = {}): (ports: Ports) => Promise<void> {
    this.tree.compileAll(entry);
    const whole: ProgramStart = { args: [], env: {}, cwd: projectFolder, ...start };
    return (ports) => runProgram(this.tree, entry, whole, ports);
  }

  /**
   * Where something that runs was written.
   *
   * @param file as its code is called there, below `/app`
   * @returns undefined for what nobody wrote: the transformers have put it there
   */
  written(file: string, place: Place): Place | undefined {
    return writtenPlace(this.tree.unit(this.tree.realPath(file)), place);
  }
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
