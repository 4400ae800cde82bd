import { writeEvidence, type Evidence, type Findings } from "./evidence.ts";

/** One thing that is proved or measured. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** As somebody would type it. */
  readonly command: string;
  find(say: (line: string) => void): Promise<Findings>;
}

export interface Surroundings {
  readonly commit: string;
  readonly node: string;
  readonly host: string;
  /** Where evidence goes. */
  readonly folder: string;
  readonly nowMs: () => number;
  readonly say: (line: string) => void;
}

/** Does the parts one after the other, all of them whatever fails, and leaves evidence of each. @returns the exit code */
export async function runParts(parts: readonly Part[], surroundings: Surroundings): Promise<number> {
  const { say, folder, nowMs } = surroundings;
  const failed: string[] = [];
  for (const part of parts) {
    say(`\n== ${part.title}\n   ${part.command}`);
    const startMs = nowMs();
    const findings = await findingsOf(part, say);
    const endMs = nowMs();
    const { name, title, command } = part;
    const evidence: Evidence = {
      name,
      title,
      ok: findings.problems.length === 0,
      command,
      commit: surroundings.commit,
      date: new Date(endMs).toISOString(),
      node: surroundings.node,
      host: surroundings.host,
      wallSeconds: Math.round((endMs - startMs) / 100) / 10,
      ...findings,
    };
    writeEvidence(folder, evidence);
    for (const [fact, value] of Object.entries(findings.facts)) say(`   ${fact}: ${value}`);
    for (const problem of findings.problems) say(`   PROBLEM: ${problem}`);
    say(`   ${evidence.ok ? "passed" : "FAILED"} in ${evidence.wallSeconds} s: ${folder}/${name}.md`);
    if (!evidence.ok) failed.push(name);
  }
  say(failed.length === 0 ? `\nproof: ${parts.length} parts, all passed` : `\nproof: FAILED: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

/** A part that breaks down has proved nothing: that is a finding too. */
async function findingsOf(part: Part, say: (line: string) => void): Promise<Findings> {
  try {
    return await part.find(say);
  } catch (error) {
    return { facts: {}, problems: [error instanceof Error ? error.message : String(error)] };
  }
}
