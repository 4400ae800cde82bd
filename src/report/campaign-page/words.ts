import { wholeNumber } from "../table.ts";

/** Two significant digits: `1.3 %`, `0.00042 %`, `100 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** As `1 run` or `1,200 runs`. */
export function counted(count: number, noun: string): string {
  return `${wholeNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Virtual or real time, to two units: `3 d 4 h`, `9 h 32 min`, `12 min 3 s`, `8.4 s`. */
export function span(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${wholeNumber(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** Large numbers in few characters: `950`, `608,412`, `1.20 M`, `3.40 G`. */
export function shortNumber(value: number): string {
  if (value < 1e6) return wholeNumber(value);
  if (value < 1e9) return `${(value / 1e6).toPrecision(3)} M`;
  return `${(value / 1e9).toPrecision(3)} G`;
}

/** @returns `undefined` where no time went by */
export function perSecond(count: number, wallMs: number): string | undefined {
  return wallMs <= 0 ? undefined : shortNumber((count * 1000) / wallMs);
}

export function shortCode(code: string): string {
  return code.slice(0, 12);
}

/** A scenario with its mutant, epic and budgets, as `partial-spawn + F22 + epic 3f9a0c1d`. */
export function targetName({ scenario, variant }: { readonly scenario: string; readonly variant: string }): string {
  const [mutant, epic = "", budgets] = variant.split("+");
  return [
    scenario,
    ...(mutant === "" ? [] : [mutant]),
    ...(epic === "" ? [] : [`epic ${epic.slice(0, 8)}`]),
    ...(budgets === undefined ? [] : [`budgets ${budgets}`]),
  ].join(" + ");
}
