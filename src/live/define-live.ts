import type { LiveConfig } from "./live-config.ts";

/** The config of `stormlane live`, with types for editors; what is wrong with it is said when it is loaded. */
export function defineLive<Config extends LiveConfig>(config: Config): Config {
  return config;
}
