import type { FaultFamily, FaultSpec, Seam } from "../faults/fault.ts";
import { familyOf } from "../faults/fault.ts";
import type { FaultSettings } from "../sim/scenario.ts";

/**
 * What can go wrong at each kind of operation, each with a fixed set of parameters: short and long, early and late.
 * The sweep tries all of a seam's entries at each site; the swarm draws one.
 */
export function faultMenu(settings: FaultSettings, families: ReadonlySet<FaultFamily>): Record<Seam, FaultSpec[]> {
  const away = settings.restartAfterMsMax;
  const { outagesMs = [20_000] } = settings;
  const crash: FaultSpec[] = (["before", "during", "after"] as const).flatMap((when): FaultSpec[] => [
    { kind: "kill", when, restartAfterMs: Math.min(away, 2_000) },
    { kind: "host-crash", when, restartAfterMs: Math.min(away, 5_000) },
  ]);
  const clock: FaultSpec[] = [
    { kind: "pause", durationMs: 90_000 },
    { kind: "pause", durationMs: 5_000 },
    { kind: "clock-jump", byMs: 3_600_000 },
    { kind: "clock-jump", byMs: -3_600_000 },
  ];
  const delivery: FaultSpec[] = [
    { kind: "request-lost" },
    { kind: "refused" },
    { kind: "answer-lost" },
    { kind: "answer-reset" },
    { kind: "request-delayed", delayMs: 1_500 },
    { kind: "request-delayed", delayMs: 12_000 },
    { kind: "answer-delayed", delayMs: 3_000 },
    { kind: "request-duplicated", afterMs: 0 },
    { kind: "request-duplicated", afterMs: 4_000 },
    { kind: "answer-truncated", keepPermille: 500 },
    { kind: "answered-with", status: 502, effect: "none" },
    { kind: "answered-with", status: 502, effect: "done" },
    { kind: "answered-with", status: 503, effect: "none", retryAfterS: 7 },
    ...outagesMs.flatMap((durationMs): FaultSpec[] => [
      { kind: "partition", durationMs, direction: "both" },
      { kind: "partition", durationMs, direction: "answers" },
      { kind: "partition", durationMs, direction: "requests" },
    ]),
  ];
  const webhook: FaultSpec[] = [
    { kind: "request-lost" },
    { kind: "request-delayed", delayMs: 3_000 },
    { kind: "request-delayed", delayMs: 30_000 },
    { kind: "request-duplicated", afterMs: 0 },
    { kind: "request-duplicated", afterMs: 1_000 },
    { kind: "request-duplicated", afterMs: 30_000 },
    { kind: "answer-lost" },
  ];
  const serviceFaults = (name: string): FaultSpec[] =>
    (settings.serviceFaults?.[name] ?? []).map((fault) => ({ kind: "service-fault", name: fault }));
  const disk: FaultSpec[] = [
    { kind: "disk-fails", code: "EIO" },
    { kind: "disk-slow", delayMs: 2_000 },
  ];
  const diskWrite: FaultSpec[] = [
    ...disk,
    { kind: "disk-fails", code: "ENOSPC" },
    ...outagesMs.map((durationMs): FaultSpec => ({ kind: "disk-full", durationMs })),
    { kind: "write-torn", keepPermille: 500 },
  ];
  const program: FaultSpec[] = [
    { kind: "spawn-fails", code: "EAGAIN" },
    { kind: "spawn-fails", code: "EMFILE" },
    { kind: "spawn-fails", code: "EACCES" },
    { kind: "spawn-fails", code: "ENOENT" },
    ...(settings.programBehaviours ?? []).map((behaviour): FaultSpec => ({ kind: "program-misbehaves", behaviour })),
  ];
  const on = (specs: readonly FaultSpec[]): FaultSpec[] => specs.filter((spec) => families.has(familyOf[spec.kind]));
  const menu: Record<Seam, FaultSpec[]> = {
    board: on([...delivery, ...serviceFaults("board"), ...crash, ...clock]),
    model: on([
      ...delivery,
      { kind: "answered-with", status: 429, effect: "none", retryAfterS: 3 },
      ...crash,
      ...clock,
    ]).concat(families.has("model") ? serviceFaults("model") : []),
    webhook: on(webhook),
    service: on([...delivery, ...crash]),
    "disk-read": on([...disk, ...crash]),
    "disk-write": on([...diskWrite, ...crash]),
    spawn: on([...program, ...crash, ...clock]),
    clock: on([...crash, ...clock]),
  };
  for (const seam of Object.keys(menu) as Seam[]) if (settings.seams?.includes(seam) === false) menu[seam] = [];
  return menu;
}
