import { closeSync, openSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Standard input, opened when the program first asks for it: what is never read stays in the pipe. */
export class StandardInput {
  private readonly decoder = new StringDecoder("utf8");
  private text = "";
  private ended = false;
  private opened = false;
  private wake: (() => void) | undefined;

  /** All of it, once it has ended. */
  async all(): Promise<string> {
    this.open();
    while (!this.ended) await this.arrival();
    const taken = this.text;
    this.text = "";
    return taken;
  }

  /** The next line without its end; undefined at the end. */
  async line(): Promise<string | undefined> {
    this.open();
    while (!this.ended && !this.text.includes("\n")) await this.arrival();
    const newline = this.text.indexOf("\n");
    if (newline === -1 && this.text === "") return undefined;
    const end = newline === -1 ? this.text.length : newline;
    const taken = this.text.slice(0, end);
    this.text = this.text.slice(end + 1);
    return taken;
  }

  /** Whoever writes to it learns EPIPE. */
  close(): void {
    this.end();
    // Node lets go of the stream, and keeps its descriptor open.
    if (this.opened) process.stdin.destroy();
    this.opened = true;
    closeSync(0);
    // Else the next file that is opened would be taken for standard input by whatever this program starts.
    openSync("/dev/null", "r");
  }

  private open(): void {
    if (this.opened) return;
    this.opened = true;
    process.stdin.on("data", (bytes: Buffer) => {
      this.text += this.decoder.write(bytes);
      this.wake?.();
    });
    process.stdin.once("end", () => this.end());
    // A parent that vanished, or a terminal that was closed.
    process.stdin.once("error", () => this.end());
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.text += this.decoder.end();
    this.wake?.();
  }

  private arrival(): Promise<void> {
    return new Promise((arrived) => {
      this.wake = arrived;
    });
  }
}
