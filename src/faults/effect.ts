import type { FaultSpec } from "./fault.ts";

/** Whether the struck operation takes effect, as far as the fault alone decides it. */
export function effectOf(fault: FaultSpec): "none" | "done" | "later" {
  switch (fault.kind) {
    case "partition":
      return fault.direction === "answers" ? "done" : "none";
    case "service-fault":
      return fault.name.endsWith("-after-effect") ? "done" : "none";
    case "request-lost":
    case "refused":
    case "disk-fails":
    case "disk-full":
    case "spawn-fails":
      return "none";
    case "kill":
    case "host-crash":
      return fault.when === "before" ? "none" : fault.when === "during" ? "later" : "done";
    case "answered-with":
      return fault.effect;
    case "request-delayed":
      return "later";
    default:
      return "done";
  }
}
