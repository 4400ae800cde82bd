import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "../../src/base/assert.ts";

/** A real terminal: a screen of tmux, with a server of its own. */
export class TmuxScreen {
  private readonly folder = mkdtempSync(join(tmpdir(), "stormlane-tmux-"));
  private readonly socket = join(this.folder, "socket");

  /** @param cwd where its shell is */
  constructor(cwd: string, columns = 80, rows = 24) {
    const { error } = spawnSync("tmux", ["-V"]);
    assert(error === undefined, "tmux is missing, and these tests need it: apt-get install tmux");
    const size = ["-x", String(columns), "-y", String(rows)];
    // A shell that says nothing of itself, and no jobs of CI: these take the live block away.
    const shell = "env -u CI -u NO_COLOR TERM=screen PS1='$ ' bash --norc --noprofile";
    this.tmux("-f", "/dev/null", "new-session", "-d", ...size, "-s", "s", "-c", cwd, shell);
  }

  /** Types a line into the shell. */
  enter(command: string): void {
    this.tmux("send-keys", "-t", "s", "-l", command);
    this.press("Enter");
  }

  /** Names as tmux has them: `q`, `Right`, `C-c`. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.tmux("send-keys", "-t", "s", key);
  }

  resize(columns: number, rows: number): void {
    this.tmux("resize-window", "-t", "s", "-x", String(columns), "-y", String(rows));
  }

  /** What is on the screen now, without colours. */
  lines(): string[] {
    return this.tmux("capture-pane", "-p", "-t", "s").split("\n");
  }

  /** What happens to the shell's terminal when no program holds it: `1` for a cursor that is shown. */
  cursorFlag(): string {
    return this.tmux("display-message", "-p", "-t", "s", "#{cursor_flag}").trim();
  }

  close(): void {
    this.tmux("kill-server");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tmux(...args: readonly string[]): string {
    const { stdout, stderr, status } = spawnSync("tmux", ["-S", this.socket, ...args], { encoding: "utf8" });
    assert(status === 0, `tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  }
}
