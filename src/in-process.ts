/**
 * Unmodified code in a scenario of one's own: `stormlane/in-process`. A file that knows of no test runs as a process beside
 * those that are functions over the ports.
 */

export { UnmodifiedSystem } from "./inprocess/in-process.ts";
export type { ProgramStart } from "./inprocess/node/user-process.ts";
