import type { SourcePlace } from "./precise-coverage.ts";

/**
 * The functions that are running now, of the modules asked for, nearest first. What merely waits for one of them is not
 * running.
 */
export function runningFunctions(isOfInterest: (url: string) => boolean): SourcePlace[] {
  const { stackTraceLimit } = Error;
  const prepare = Reflect.get(Error, "prepareStackTrace");
  try {
    Error.stackTraceLimit = framesMax;
    Error.prepareStackTrace = (_, frames) => frames;
    const { stack } = new Error("where am I") as unknown as { readonly stack: readonly NodeJS.CallSite[] };
    return stack.flatMap((frame) => {
      const url = frame.getFileName();
      if (frame.isAsync() || url === null || !isOfInterest(url)) return [];
      return [{ url, lineNumber: frame.getLineNumber()! - 1, columnNumber: frame.getColumnNumber()! - 1 }];
    });
  } finally {
    Error.prepareStackTrace = prepare;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Deeper than any system calls itself between two waits. */
const framesMax = 60;
