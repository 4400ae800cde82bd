/** Opens the door to vitest in a place where there is no vitest, and prints what it is told. */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === "vitest" ? { ...context, parentURL: "file:///elsewhere/suite.js" } : context),
});

try {
  await import("../../src/vitest/stormlane.ts");
} catch (error) {
  process.stdout.write(String(error));
}
