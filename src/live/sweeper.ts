import { spawn, type ChildProcess } from "node:child_process";

/**
 * Waits for our end, and ends what a run has left then: for when we are killed, and cannot. Where there is no `/proc` it
 * removes folders alone.
 */
export class Sweeper {
  private readonly child: ChildProcess;

  /** @param options the folder of the run, and the workspace by which its processes are known */
  constructor({ folder, workspace }: { readonly folder: string; readonly workspace: string }) {
    // Of a group of its own: what ends us at a terminal must not end it.
    this.child = spawn("sh", ["-c", script, "sh", `STORMLANE_WORKSPACE=${workspace}`, folder], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.child.on("error", () => {});
    this.child.stdin?.on("error", () => {});
  }

  /** There is nothing left to sweep. */
  stop(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
}

/** Its input ends as we do. Twice, since a process may have started another one meanwhile. */
const script = `
cat > /dev/null
for time in 1 2; do
  for file in $(grep -lzxF -e "$1" /proc/[0-9]*/environ 2> /dev/null); do
    pid=\${file#/proc/}
    pid=\${pid%/environ}
    kill -9 "$pid"
    rm -f "/dev/shm/faketime_shm_$pid" "/dev/shm/sem.faketime_sem_$pid"
  done
done
rm -rf "$2"
`;
