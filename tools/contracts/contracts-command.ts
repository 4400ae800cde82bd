import { brokenText, checkContracts, contracts } from "./contracts.ts";

const usage = "usage: npm run frozen -- --check [NAME…]\n       npm run frozen -- --update NAME…";

export interface ContractsSettings {
  /** Of the repository: where the copies are. */
  readonly root: string;
  readonly say: (line: string) => void;
  readonly complain: (text: string) => void;
}

/** @returns the exit code: 0, 1 when something differs, 2 for bad usage */
export function contractsCommand([action, ...names]: readonly string[], settings: ContractsSettings): 0 | 1 | 2 {
  const { root, say, complain } = settings;
  const refuse = (why: string): 2 => (complain(why), 2);
  const unknown = names.find((name) => !contracts.some((contract) => contract.name === name));
  if (unknown !== undefined) {
    return refuse(`there is no contract ${unknown}: there are ${contracts.map(({ name }) => name).join(", ")}`);
  }
  const chosen = names.length === 0 ? contracts : contracts.filter(({ name }) => names.includes(name));
  if (action === "--check") {
    const broken = checkContracts(root, chosen);
    for (const each of broken) complain(brokenText(each));
    if (broken.length === 0) say(`contracts: ${chosen.map(({ name }) => name).join(", ")} are as they were agreed on`);
    return broken.length === 0 ? 0 : 1;
  }
  if (action !== "--update") return refuse(usage);
  if (names.length === 0) return refuse("--update needs the names of contracts: each is a decision of its own");
  const elsewhere = chosen.find(({ freeze }) => freeze === undefined);
  if (elsewhere !== undefined) return refuse(`${elsewhere.name} is renewed with: ${elsewhere.renewal}`);
  for (const { name, freeze } of chosen) {
    freeze?.(root);
    say(`contracts: renewed contracts/${name}.json; read the difference before you commit it`);
  }
  return 0;
}
