import { constants, EOL } from "node:os";

/** `node:os` of the simulated machine: a small one. */
export function osModule(): object {
  return {
    EOL,
    constants,
    devNull: "/dev/null",
    arch: () => "x64",
    availableParallelism: () => 2,
    cpus: () =>
      [0, 1].map(() => ({ model: "simulated", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })),
    endianness: () => "LE",
    freemem: () => 4 * 2 ** 30,
    totalmem: () => 8 * 2 ** 30,
    homedir: () => "/home/user",
    hostname: () => "server",
    loadavg: () => [0, 0, 0],
    machine: () => "x86_64",
    networkInterfaces: () => ({}),
    platform: () => "linux",
    release: () => "6.0.0",
    tmpdir: () => "/tmp",
    type: () => "Linux",
    uptime: () => 3_600,
    userInfo: () => ({ username: "user", uid: 1_000, gid: 1_000, shell: "/bin/sh", homedir: "/home/user" }),
    version: () => "simulated",
  };
}
