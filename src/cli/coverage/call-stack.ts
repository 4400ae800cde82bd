import type { SourcePlace } from "./precise-coverage.ts";

/**
 * The functions that are running now, of the modules asked for, nearest first. What merely waits for one of them is not
 * running.
 *
 * @param urlOf of a module by the name that its frames have; undefined for what is not of interest
 * @param orNearestWaiting where none is running, the one that waits for what is: as for a client that goes on by itself
 */
export function runningFunctions(urlOf: (name: string) => string | undefined, orNearestWaiting = false): SourcePlace[] {
  const { stackTraceLimit } = Error;
  const prepare = Reflect.get(Error, "prepareStackTrace");
  try {
    Error.stackTraceLimit = framesMax;
    Error.prepareStackTrace = (_, frames) => frames;
    const { stack } = new Error("where am I") as unknown as { readonly stack: readonly NodeJS.CallSite[] };
    const frames = stack.flatMap((frame) => {
      const url = urlOf(frame.getFileName() ?? "");
      if (url === undefined) return [];
      const place = { url, lineNumber: frame.getLineNumber()! - 1, columnNumber: frame.getColumnNumber()! - 1 };
      return [{ place, isWaiting: frame.isAsync() }];
    });
    const running = frames.filter(({ isWaiting }) => !isWaiting);
    return (running.length === 0 && orNearestWaiting ? frames.slice(0, 1) : running).map(({ place }) => place);
  } finally {
    Error.prepareStackTrace = prepare;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Deeper than any system calls itself between two waits. */
const framesMax = 60;
