/**
 * What others build on, compared with the copies that were agreed on (`contracts/`, `test/fixtures/schemas`):
 * `npm run frozen -- --check`, and after a decision `npm run frozen -- --update NAME…`. Exit code 1: something
 * differs. `decisions/contracts.md` says what to write down before a copy is renewed.
 */
import { fileURLToPath } from "node:url";
import { brokenText, checkContracts, contracts } from "./contracts/contracts.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const [action, ...names] = process.argv.slice(2);
const unknown = names.find((name) => !contracts.some((contract) => contract.name === name));
if (unknown !== undefined)
  refuse(`there is no contract ${unknown}: there are ${contracts.map(({ name }) => name).join(", ")}`);
const chosen = names.length === 0 ? contracts : contracts.filter(({ name }) => names.includes(name));

switch (action) {
  case "--check":
    check();
    break;
  case "--update":
    update();
    break;
  default:
    refuse("usage: npm run frozen -- --check [NAME…]\n       npm run frozen -- --update NAME…");
}

function check(): void {
  const broken = checkContracts(root, chosen);
  for (const each of broken) console.error(brokenText(each));
  if (broken.length > 0) process.exitCode = 1;
  else console.log(`contracts: ${chosen.map(({ name }) => name).join(", ")} are as they were agreed on`);
}

function update(): void {
  if (names.length === 0) refuse("--update needs the names of contracts: each is a decision of its own");
  for (const { name, freeze, renewal } of chosen) {
    if (freeze === undefined) refuse(`${name} is renewed with: ${renewal}`);
    freeze(root);
    console.log(`contracts: renewed contracts/${name}.json; read the difference before you commit it`);
  }
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}
