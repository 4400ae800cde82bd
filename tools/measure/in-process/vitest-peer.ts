import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../../../src/base/assert.ts";
import { systemEnvironment } from "../../../src/cli/system/system-scenario.ts";
import type { Peer } from "./peer.ts";

const config = fileURLToPath(new URL("vitest-peer.config.ts", import.meta.url));
const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

/**
 * What one more test costs in a run of vitest, in ms of CPU: a run with so many tests, less one with a tenth of them, so that the
 * start of vitest and its loading count for nothing.
 */
export function cpuMsOfOneMoreTest(kind: Omit<Peer, "tests">, tests: number): number {
  const few = Math.round(tests / 10);
  const cpuMs = cpuMsOfVitest({ ...kind, tests }) - cpuMsOfVitest({ ...kind, tests: few });
  return cpuMs / (tests - few);
}

/** Of all its processes: the shell that started it says what its children used, and theirs. */
function cpuMsOfVitest(peer: Peer): number {
  const command = [process.execPath, vitest, "run", "--config", config, "--reporter", "dot"];
  const { status, stdout, stderr } = spawnSync("sh", ["-c", '"$@" >&2 && times', "sh", ...command], {
    cwd: checkout,
    env: { ...process.env, ...systemEnvironment, PEER: JSON.stringify(peer) },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  assert(status === 0, `vitest ended with ${status}: ${stderr.slice(-2_000)}`);
  const times = [...stdout.matchAll(/(\d+)m([\d.,]+)s/g)].map(([, minutes, seconds]) => {
    return Number(minutes) * 60_000 + Number(seconds!.replace(",", ".")) * 1_000;
  });
  const [, , user, system] = times;
  assert(user !== undefined && system !== undefined, `times said ${stdout}`);
  return user + system;
}
