import { vitest } from "./vitest-peer.ts";

/** Real milliseconds since some moment: as bound here, whatever fake timers a test turns on later. */
export const realMs = performance.now.bind(performance);

/**
 * Fake timers were on before this module was loaded: then the kernel has bound a `setImmediate` that never fires, and
 * no run would ever begin.
 */
export const loadedUnderFakeTimers = vitest.vi.isFakeTimers();
