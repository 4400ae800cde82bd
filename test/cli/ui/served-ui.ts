import { onTestFinished } from "vitest";
import { main } from "../../../src/cli/main.ts";

export interface ServedUi {
  readonly origin: string;
  /** As Ctrl-C does. @returns the exit code */
  readonly stop: () => Promise<number>;
}

/** `stormlane ui` in this process, over toys, until it is stopped or the test ends. */
export async function serveUi(args: readonly string[], cwd: string): Promise<ServedUi> {
  const interruption = new AbortController();
  const address = Promise.withResolvers<string>();
  let error = "";
  const ended = main(["ui", ...args], {
    cwd,
    writeOut: (text) => address.resolve(/http:\/\/[\d.:]+/.exec(text)?.[0] ?? `no address in: ${text}`),
    writeError: (text) => {
      error += text;
    },
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => interruption.signal,
    catalogueUrl: new URL("../../campaign/toy-scenarios.ts", import.meta.url),
  });
  void ended.then((exitCode) => address.reject(new Error(`ended with ${exitCode}: ${error}`)));
  const stop = (): Promise<number> => {
    interruption.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  return { origin: await address.promise, stop };
}
