import { Ledger } from "../../src/campaign/ledger/ledger.ts";
import { main } from "../../src/cli/main.ts";

type Record = typeof Ledger.prototype.recordChunk;

/** The command line as a process of its own, over toys; says on standard error how many runs are recorded. */
const record: Record = Reflect.get(Ledger.prototype, "recordChunk");
Ledger.prototype.recordChunk = function (...chunk: Parameters<Record>): void {
  Reflect.apply(record, this, chunk);
  process.stderr.write(`recorded ${this.runsOf(chunk[0])}\n`);
};

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  writeOut: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  outIsTerminal: false,
  errorIsTerminal: false,
  takeInterruptions: () => new AbortController().signal,
  catalogueUrl: new URL("../campaign/toy-scenarios.ts", import.meta.url),
});
