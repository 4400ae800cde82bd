import { noPaint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import { exitCodes } from "../exit-codes.ts";
import { exhaustiveStrategy, refuseExhaustiveFlags } from "../exhaustive-settings.ts";
import type { Host } from "../host.ts";
import { holdTerminal, type Key } from "../live/terminal.ts";
import { refuseTogether, type RunFlags } from "../run-settings.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { UsageError } from "../usage-error.ts";
import { watchedRoots } from "./read-watched-code.ts";
import { startRoundProcess, type Round, type StartRound } from "./round-process.ts";
import { watchFiles, type WatchFiles } from "./watch-files.ts";
import { beginWatch, namesText, watchStep, type RoundStart, type WatchEvent, type WatchState } from "./watch-state.ts";

/** How rounds are started and changes are seen. */
export interface WatchMeans {
  readonly startRound: StartRound;
  readonly watchFiles: WatchFiles;
}

const realMeans: WatchMeans = { startRound: startRoundProcess, watchFiles };

/** `stormlane run --watch`: runs again what a change touches, until it is ended. @returns the exit code of the last round */
export async function watch(
  names: readonly string[],
  flags: RunFlags,
  host: Host,
  means: WatchMeans = realMeans,
): Promise<number> {
  refuseTogether(flags, "watch", ["json", "shard", "reporter"]);
  refuseExhaustiveWatch(flags);
  const session = new WatchSession(names, flags, host, means);
  const interrupted = host.takeInterruptions();
  const endWatching = await means.watchFiles(watchedRoots(host.catalogueUrl), (paths) =>
    session.take({ kind: "changed", paths }),
  );
  const { terminal } = host;
  const giveBack =
    terminal === undefined
      ? () => {}
      : holdTerminal({
          terminal,
          write: host.writeError,
          onKey: (key) => session.press(key),
          onResized: () => {},
          onResumed: () => {},
          fullScreen: false,
        });
  try {
    interrupted.addEventListener("abort", () => session.end(exitCodes.interrupted));
    return await session.run();
  } finally {
    session.killRound();
    giveBack();
    endWatching();
  }
}

function refuseExhaustiveWatch(flags: RunFlags): void {
  if (flags["strategy"] !== exhaustiveStrategy) return refuseExhaustiveFlags(flags);
  throw new UsageError({
    what: `--watch with --strategy ${exhaustiveStrategy}`,
    why: "a round that proves something may take very long",
    fix: "leave one out",
  });
}

class WatchSession {
  private readonly names: readonly string[];
  private readonly flags: RunFlags;
  private readonly host: Host;
  private readonly means: WatchMeans;
  private readonly over = Promise.withResolvers<number>();
  private state: WatchState;
  private round: Round | undefined;
  private readonly first: RoundStart | undefined;

  constructor(names: readonly string[], { watch: _, ...flags }: RunFlags, host: Host, means: WatchMeans) {
    this.names = names;
    this.flags = flags;
    this.host = host;
    this.means = means;
    const { state, start } = beginWatch();
    this.state = state;
    this.first = start;
  }

  run(): Promise<number> {
    if (this.first !== undefined) this.start(this.first);
    return this.over.promise;
  }

  end(exitCode: number): void {
    this.over.resolve(exitCode);
  }

  killRound(): void {
    this.round?.kill();
    this.round = undefined;
  }

  press({ name }: Key): void {
    switch (name) {
      case "a":
      case "return":
        this.take({ kind: "asked", for: "all" });
        break;
      case "f":
        this.take({ kind: "asked", for: "failed" });
        break;
      case "q":
        this.end(this.state.exitCode);
        break;
      case "ctrl-c":
        this.host.terminal?.interrupt();
    }
  }

  take(event: WatchEvent): void {
    const { state, start } = watchStep(this.state, event);
    this.state = state;
    if (start !== undefined) this.start(start);
    else if (event.kind === "ended" || event.kind === "asked") this.tellStatus();
    if (state.isOver) this.end(state.exitCode);
  }

  private start({ targets, because }: RoundStart): void {
    this.killRound();
    const { host, names, flags } = this;
    const what = targets === "all" ? "all scenarios" : namesText(targets);
    const clear = host.errorIsTerminal && host.terminal !== undefined ? clearScreen : "";
    host.writeError(`${clear}${plainLine(`watch: runs ${what}: ${this.shortened(because)}`, 400)}\n`);
    this.round = this.means.startRound({ names, flags, targets }, (message) => {
      if (message.kind === "ended") this.round = undefined;
      this.take(message);
    });
  }

  private tellStatus(): void {
    const { host, state } = this;
    if (state.status === "") return;
    const paint = host.terminal?.hasColours === true ? terminalPaint : noPaint;
    const painted = state.exitCode === 0 && state.failed.length === 0 ? paint.good : paint.bad;
    const keys = host.terminal?.keyboard === undefined ? "" : ` ${paint.faint("a all   f only failed   q quit")}`;
    host.writeError(
      `${painted(plainLine(`watch: ${this.shortened(state.status)}`, 600))}\n${keys === "" ? "" : `${keys}\n`}`,
    );
  }

  /** Paths as the user knows them. */
  private shortened(text: string): string {
    return text.replaceAll(`${this.host.cwd}/`, "");
  }
}

const clearScreen = "\u001b[2J\u001b[H";
