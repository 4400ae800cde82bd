import type { Ports } from "stormlane/ports";
import type { Report } from "./reports.ts";

/** Works on its parts of a card, and reports each when it is done; what could not be reported is tried again. */
export async function work(ports: Ports, report: Report, card: number, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await ports.clock.sleep(100 + ports.random.int("how long", 1_900));
    while (!(await report(ports, card, part))) await ports.clock.sleep(1_000);
    ports.log.event("part.reported", { card, part });
  }
}
