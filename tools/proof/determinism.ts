import { runScript } from "./command.ts";
import type { Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";

/** The same histories on every supported Node, in a worker or not, under other time zones and locales. */
export function determinism(cases: number): Part {
  return {
    name: "determinism",
    title: `${cases} cases with equal histories on Node 22, 24 and 26, in threads, time zones and locales`,
    command: `npm run determinism -- ${cases}`,
    async find() {
      const { stdout, exitCode } = await runScript("tools/determinism.ts", [String(cases)]);
      return findingsOf(stdout, exitCode);
    },
  };
}

/** @param output lines as `Node 22, worker, Pacific/Chatham, tr_TR (v22.23.0): 200 histories, all the same` */
export function findingsOf(output: string, exitCode: number): Findings {
  const lanes = [...output.matchAll(/^(Node .+?) \((v[\d.]+)\): (.+)$/gm)].map(
    ([, lane = "", node = "", result = ""]) => ({ lane, node, result }),
  );
  const differing = lanes.filter(({ result }) => !result.endsWith("all the same"));
  const problems = differing.map(({ lane, node, result }) => `${lane} (${node}): ${result}`);
  if (problems.length === 0 && (exitCode !== 0 || lanes.length === 0)) {
    problems.push(`the comparison ended with ${exitCode} after ${lanes.length} lanes`);
  }
  return {
    facts: { lanes: lanes.length, lanesThatDiffer: differing.length },
    tables: [
      {
        title: "Lanes",
        columns: ["where", "Node", "result"],
        rows: lanes.map(({ lane, node, result }) => [lane, node, result]),
      },
    ],
    problems,
  };
}
