import { runCommand } from "../run-command.ts";

/** A campaign of a toy that fails, in `reports/out/campaign.sqlite` below the folder. */
export async function runToyCampaign(cwd: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, error } = await runCommand(
    ["campaign", "counter-locked", "counter-racy", "--seeds", "60", "--workers", "0", "--no-explain", ...args],
    { cwd },
  );
  if (exitCode !== 1) throw new Error(`the campaign ended with ${exitCode}: ${error}`);
}
