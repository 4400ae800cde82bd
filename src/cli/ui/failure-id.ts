import { sha256 } from "../../base/digest.ts";

/**
 * Names a failure in addresses and files: what its signature says, in letters, digits and hyphens alone, and a digest,
 * for what that leaves out. As `i2-epic-1-s1-9f86d081`.
 */
export function failureId({ scenario, variant, signature }: FailureKey): string {
  const words = signature
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, wordsLengthMax)
    .replaceAll(/^-|-$/g, "");
  const digest = sha256(`${scenario}\0${variant}\0${signature}`).slice(0, 8);
  return words === "" ? digest : `${words}-${digest}`;
}

export interface FailureKey {
  readonly scenario: string;
  readonly variant: string;
  readonly signature: string;
}

const wordsLengthMax = 48;
