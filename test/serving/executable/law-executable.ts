import { basename } from "node:path";
import { readLeaving, runAsProcess } from "../../../src/serving/executable/program-process.ts";
import { lawPrograms } from "../../laws/port-laws/law-programs.ts";
import { programLaws } from "../../laws/port-laws/program-laws.ts";

/** A program of the laws as a process: the one that the link is named after by which this file is started. */
const name = basename(process.argv[1]!);
const program = [...Object.values(lawPrograms), ...programLaws.map((law) => law.program)].find(
  (each) => each.name === name,
)!;
const left = readLeaving();
await runAsProcess(program, {
  env: Object.fromEntries(Object.entries(process.env).map(([key, value]) => [key, value ?? ""])),
  speed: 0,
  draw: () => 0,
  record: () => {},
  tellProblem: String,
  numbers: [],
  ...(left === undefined ? {} : { left }),
});
