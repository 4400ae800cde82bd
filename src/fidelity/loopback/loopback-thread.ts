import { workerData } from "node:worker_threads";
import { ModuleGraph } from "../../inprocess/loading/module-graph.ts";
import { PlacedTree } from "./placed-tree.ts";

/** One process of a system: loaded as in the simulation, with Node's own clock, network, files and programs. */
const entry = workerData as string;
process.argv[1] = entry;
const tree = new PlacedTree(entry);
tree.compileAll(entry);
const graph = new ModuleGraph(tree, entry, {
  globals: () => [],
  builtin: (name) => process.getBuiltinModule(`node:${name}`) as object,
  env: process.env,
});
await graph.run();
