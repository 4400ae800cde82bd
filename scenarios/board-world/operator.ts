import { parseRatchet, type Ports } from "../../src/index.ts";
import { projectsFolder } from "./settings.ts";
import type { FileSlip } from "./slips.ts";

const lookMs = 15_000;

/** Somebody with a shell on the server, who does something to approved files: each slip once, a while after the lock. */
export async function operator(ports: Ports, slips: readonly FileSlip[]): Promise<void> {
  const left = new Set(slips);
  while (left.size > 0) {
    for (const slip of slips) {
      if (!left.has(slip) || !(await isLocked(ports, slip))) continue;
      left.delete(slip);
      await ports.clock.sleep(slip.afterMs, { key: slip.path });
      ports.log.event("slip.made", { kind: slip.deed, path: `${slip.dirname}/${slip.path}` });
      await doDeed(ports, slip);
    }
    await ports.clock.sleep(lookMs, { key: "look" });
  }
}

async function isLocked(ports: Ports, slip: FileSlip): Promise<boolean> {
  const ratchet = await ports.files.readText(`${projectsFolder}/${slip.dirname}/.agentleeops/ratchet.json`);
  const parsed = ratchet.kind === "ok" ? parseRatchet(ratchet.value) : undefined;
  return parsed?.artifacts[slip.path]?.status === "LOCKED";
}

async function doDeed(ports: Ports, slip: FileSlip): Promise<void> {
  const path = `${projectsFolder}/${slip.dirname}/${slip.path}`;
  switch (slip.deed) {
    case "delete":
      await ports.files.remove(path);
      return;
    case "edit":
      await ports.files.write(path, "Changed by hand, after the approval.\n");
      return;
    case "link":
      await ports.files.remove(path);
      await ports.files.makeLink("/etc/hostname", path);
      return;
  }
}
