import { jsonOf } from "./command.ts";
import type { Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";

/** An epic over HTTP with real processes and real git, killed on the way: it ends as without kills. */
export function liveEpic({ kills, stories }: { readonly kills: number; readonly stories: number }): Part {
  const args = ["--kills", String(kills), "--stories", String(stories), "--seed", "1"];
  return {
    name: "live-epic",
    title: `An epic with real processes, ${kills} times killed`,
    command: `npm run live-epic -- ${args.join(" ")}`,
    find: async () => (await jsonOf("tools/live-epic.ts", [...args, "--json"])) as unknown as Findings,
  };
}
