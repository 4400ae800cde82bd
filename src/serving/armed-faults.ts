import type { RequestLabel } from "./request-label.ts";
import type { DeliveryFault } from "./fault-spec.ts";
import type { ServiceRequestFault } from "./scenario-file.ts";

/** Faults that wait for the requests they strike, in the order in which they were armed. */
export class ArmedFaults {
  private armed: Armed[] = [];

  arm(faults: readonly ServiceRequestFault[]): void {
    for (const fault of faults) {
      const times = fault.times === "always" ? Infinity : (fault.times ?? 1);
      this.armed.push({ fault, matched: 0, left: times });
    }
  }

  clear(): void {
    this.armed = [];
  }

  /** Those that can still strike. `struck` and `left` count requests; `left` is null for always. */
  list(): readonly { readonly fault: ServiceRequestFault; readonly matched: number; readonly left: number | null }[] {
    return this.armed.map(({ fault, matched, left }) => ({ fault, matched, left: left === Infinity ? null : left }));
  }

  /** Asked once for each request, when it arrives. The first that matches strikes; all that match count it. */
  strike(service: string, label: RequestLabel): DeliveryFault | undefined {
    if (this.armed.length === 0) return undefined;
    let struck: Armed | undefined;
    for (const armed of this.armed) {
      if (!matches(armed.fault, service, label)) continue;
      armed.matched++;
      if (armed.matched >= (armed.fault.match?.nth ?? 1)) struck ??= armed;
    }
    if (struck === undefined) return undefined;
    struck.left--;
    if (struck.left === 0) this.armed = this.armed.filter((armed) => armed !== struck);
    return struck.fault.fault;
  }
}

interface Armed {
  readonly fault: ServiceRequestFault;
  matched: number;
  left: number;
}

function matches({ service: wanted, match = {} }: ServiceRequestFault, service: string, label: RequestLabel): boolean {
  const { procedure, path, token, process } = match;
  return (
    wanted === service &&
    (procedure === undefined || procedure.toLowerCase() === label.procedure?.toLowerCase()) &&
    (path === undefined || path === label.path) &&
    (token === undefined || token === label.token) &&
    (process === undefined || process === label.process)
  );
}
