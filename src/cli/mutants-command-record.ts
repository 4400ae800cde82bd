import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { canonicalJson, type JsonValue } from "../base/json.ts";
import { sha256 } from "../base/digest.ts";
import type { PeerResult, PeerTrial } from "../trials/peer-trial.ts";
import type { Trial, TrialResult } from "../trials/trial.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The trials that came to an end, one JSON line each, so that a measurement of hours can be taken up again. A line counts
 * for the code and the caps that it was made with alone.
 */
export class TrialRecord {
  private readonly path: string;
  private readonly code: string;
  private readonly results = new Map<string, TrialResult | PeerResult>();

  private constructor(path: string, code: string) {
    this.path = path;
    this.code = code;
  }

  /**
   * @param given the path as the user wrote it
   * @throws UsageError when the file cannot be read or written, or is not of this kind
   */
  static open({ path, given, code }: { path: string; given: string; code: string }): TrialRecord {
    const record = new TrialRecord(path, code);
    try {
      const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
      // Who was ended in the middle of a line left a part of one; what comes next begins on a line of its own.
      const cutOff = lines.pop() ?? "";
      for (const line of lines) if (line !== "") record.take(line, given);
      appendFileSync(path, cutOff === "" ? "" : "\n");
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      throw new UsageError({ what: `--record ${given}`, why: `cannot be used (${code})`, fix: "name another file" });
    }
    return record;
  }

  resultOf(trial: Trial): TrialResult | undefined;
  resultOf(trial: PeerTrial): PeerResult | undefined;
  resultOf(trial: Trial | PeerTrial): TrialResult | PeerResult | undefined {
    return this.results.get(this.keyOf(trial));
  }

  add(trial: Trial | PeerTrial, result: TrialResult | PeerResult): void {
    const key = this.keyOf(trial);
    this.results.set(key, result);
    const { mutant, number } = trial;
    appendFileSync(this.path, `${JSON.stringify({ key, mutant, number, result })}\n`);
  }

  private keyOf(trial: Trial | PeerTrial): string {
    return sha256(canonicalJson({ code: this.code, trial } as unknown as JsonValue)).slice(0, 32);
  }

  /** A part of a line may stand anywhere: several times somebody was ended. What has a result is whole. */
  private take(line: string, given: string): void {
    let value: { readonly key?: unknown; readonly result?: TrialResult | PeerResult };
    try {
      value = JSON.parse(line) as typeof value;
    } catch {
      if (line.startsWith(lineStart) || lineStart.startsWith(line)) return;
      value = {};
    }
    if (typeof value.key !== "string" || value.result === undefined) {
      throw new UsageError({
        what: `--record ${given}`,
        why: "holds a line that is no trial",
        fix: "name another file, or one that does not exist yet",
      });
    }
    this.results.set(value.key, value.result);
  }
}

const lineStart = '{"key":';
