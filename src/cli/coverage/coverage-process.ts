import { observeSystem, type CoverageOrder } from "./observe-system.ts";

/** The entry of a fresh process, which gets its order as a message: modules are counted from when they are loaded. */
process.once("message", (order: CoverageOrder) => void answer(order));

async function answer(order: CoverageOrder): Promise<void> {
  const observed = await observeSystem(order);
  process.send!(observed, () => process.disconnect());
}
