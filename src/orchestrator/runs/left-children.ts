import type { Ports } from "../../ports/ports.ts";
import type { Lease } from "../claims/lease.ts";
import type { RunRecords } from "./run-records.ts";
import { need, tryLater } from "./run-stop.ts";

/** Ends what an earlier owner of the scope may have left running, before anything else is touched. */
export async function endLeftChildren(
  ports: Ports,
  options: { readonly records: RunRecords; readonly lease: Lease; readonly diskMarginMs: number },
): Promise<void> {
  const { records, lease, diskMarginMs } = options;
  const { scope } = lease;
  for (const pid of need(await records.loadChildren(ports, scope), "read what was left running")) {
    lease.require(diskMarginMs);
    const killed = await ports.subprocess.killGroup(pid, "SIGKILL", { name: "recovery.kill", key: scope });
    if (killed.kind !== "ok" && killed.error.code !== "ESRCH")
      tryLater(`could not end a program: ${killed.error.code}`);
    ports.log.event("child.ended", { scope });
    need(await records.noteChild(ports, scope, `-${pid}`), "note that a program ended");
  }
}
