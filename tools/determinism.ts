/**
 * Runs the same chosen cases on Node 22, 24 and 26, in the main thread and in a worker, under other time zones and
 * locales, and compares every history hash. Exit code 1 and the first difference when they are not all the same.
 *
 * Usage: npm run determinism -- [CASES]
 * The other Nodes come from the npm package `node`, into node_modules/.cache.
 */
import { join } from "node:path";
import { execa } from "execa";
import { nodeOf, supportedMajors } from "./nodes.ts";

const root = new URL("..", import.meta.url).pathname;
const cases = process.argv[2] ?? "200";

interface Lane {
  readonly name: string;
  readonly node: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function lanes(): Promise<Lane[]> {
  const result: Lane[] = [];
  for (const major of supportedMajors) {
    const node = await nodeOf(major);
    result.push({ name: `Node ${major}, main thread, UTC, C`, node, args: [], env: { TZ: "UTC", LANG: "C" } });
    result.push({
      name: `Node ${major}, worker, Pacific/Chatham, tr_TR`,
      node,
      args: ["--worker"],
      env: { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
    });
  }
  return result;
}

async function hashesOf(lane: Lane): Promise<string[]> {
  const script = join(root, "tools/determinism-hashes.ts");
  const { stdout } = await execa(lane.node, ["--no-warnings", script, cases, ...lane.args], { env: lane.env });
  return stdout.split("\n");
}

let failed = 0;
let passed = 0;
let expected: string[] | undefined;
for (const lane of await lanes()) {
  const { stdout: version } = await execa(lane.node, ["--version"]);
  const lines = await hashesOf(lane);
  expected ??= lines;
  const first = lines.findIndex((line, index) => line !== expected![index]);
  if (first === -1 && lines.length === expected.length && lines.length >= Number(cases)) {
    passed++;
    process.stdout.write(`${lane.name} (${version}): ${lines.length} histories, all the same\n`);
  } else {
    failed++;
    process.stdout.write(
      `${lane.name} (${version}): differs\n  here:     ${lines[first]}\n  expected: ${expected[first]}\n`,
    );
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
