/**
 * The ports over this machine, for production: `stormlane/real`. fetch and node:http, node:fs, execa, the machine's clock
 * and randomness; nothing of the simulation is loaded with it.
 */

export { realPorts, type RealPortsOptions } from "./real/real-ports.ts";
export { defaultClientLimits, type ClientLimits } from "./real/http-server.ts";
export type { LogSink } from "./real/log.ts";
