import { observeSystem, type CoverageOrder } from "./observe-system.ts";

/** The entry of a fresh process, which gets its order as a message: modules are counted from when they are loaded. */
process.once("message", (order: CoverageOrder) => void answer(order));

// Ctrl-C reaches this process, too; whoever started it says when it has to end, and goes before it only by force.
process.on("SIGINT", () => {});
process.once("disconnect", () => process.exit());

async function answer(order: CoverageOrder): Promise<void> {
  const observed = await observeSystem(order);
  process.send!(observed);
}
