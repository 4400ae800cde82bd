/**
 * What others build on, compared with the copies that were agreed on (`contracts/`, `test/fixtures/schemas`):
 * `npm run frozen -- --check`, and after a decision `npm run frozen -- --update NAME…`. Exit code 1: something differs.
 * `decisions/contracts.md` says what to write down before a copy is renewed.
 */
import { fileURLToPath } from "node:url";
import { contractsCommand } from "./contracts/contracts-command.ts";

process.exitCode = contractsCommand(process.argv.slice(2), {
  root: fileURLToPath(new URL("../", import.meta.url)),
  say: (line) => console.log(line),
  complain: (text) => console.error(text),
});
