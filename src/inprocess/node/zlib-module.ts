import zlib from "node:zlib";
import type { UserProcess } from "./user-process.ts";

/** `node:zlib`: the asynchronous functions compute at once and call back in a tick. Streams of it settle elsewhere. */
export function zlibModule(user: UserProcess): object {
  const own: Record<string, unknown> = { ...zlib };
  for (const name of Object.keys(own)) {
    const sync = own[`${name}Sync`];
    if (typeof sync === "function") {
      own[name] = (...args: unknown[]) => {
        const callback = args.pop() as (error: unknown, value?: unknown) => void;
        let value: unknown;
        let failure: unknown = null;
        try {
          value = (sync as (...given: unknown[]) => unknown)(...args);
        } catch (error) {
          failure = error;
        }
        process.nextTick(() => user.runCallback(() => callback(failure, value)));
      };
    } else if (name.startsWith("create")) {
      own[name] = () => user.refuse(`zlib.${name}`, `zlib.${name.slice(6, 7).toLowerCase()}${name.slice(7)}Sync`);
    }
  }
  return own;
}
