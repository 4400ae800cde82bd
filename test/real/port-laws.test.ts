import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { realPorts } from "../../src/real/real-ports.ts";
import { clockLaws } from "../laws/port-laws/clock-laws.ts";
import { filesLaws } from "../laws/port-laws/files-laws.ts";
import { httpLaws } from "../laws/port-laws/http-laws.ts";
import type { LawProgram, LawPrograms, PortHarness, PortImplementation } from "../laws/port-laws/port-law.ts";
import { subprocessLaws } from "../laws/port-laws/subprocess-laws.ts";

/** A temporary folder and the loopback address of this machine. */
const real: PortImplementation = {
  name: "real",
  makeHarness: async (): Promise<PortHarness> => {
    const root = await mkdtemp(`${await realpath(tmpdir())}/port-laws-`);
    return {
      root,
      programs,
      run: (body) => body(realPorts({ log: () => {} })),
      dispose: () => rm(root, { recursive: true }),
    };
  },
};

function fixture(fileName: string): LawProgram {
  const path = fileURLToPath(new URL(`../fixtures/programs/${fileName}`, import.meta.url));
  return { command: process.execPath, args: [path] };
}

const programs: LawPrograms = {
  echoArgs: fixture("echo-args.js"),
  printEnvironment: fixture("print-environment.js"),
  printFolder: fixture("print-folder.js"),
  printTwoStreams: fixture("print-two-streams.js"),
  printManyBytes: fixture("print-many-bytes.js"),
  halfLine: fixture("half-line.js"),
  exitWith7: fixture("exit-with-7.js"),
  readAllInput: fixture("read-all-input.js"),
  forever: fixture("forever.js"),
  ignoreSigterm: fixture("ignore-sigterm.js"),
  grandchildHoldsPipe: fixture("grandchild-holds-pipe.js"),
};

clockLaws(real);
filesLaws(real);
httpLaws(real);
subprocessLaws(real);
