import { tableLines } from "../../report/table.ts";
import { realPorts } from "../../real/real-ports.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { checkBoard, checkFolders, checkModel, checkPrograms, checkWebhook } from "./checks.ts";
import { forecastCards } from "./forecast.ts";
import type { ServeConfig } from "./serve-config.ts";

/**
 * `stormlane serve --dry-run`: looks at all that the service would need, and says what it would do for each card.
 * It changes nothing anywhere. @returns the exit code: 1 when something stands in the way
 */
export async function dryRun(config: ServeConfig, host: Host, { path }: { readonly path: string }): Promise<number> {
  const ports = realPorts({ log: () => {} });
  const { checks: boardChecks, board } = await checkBoard(ports, config);
  const checks = [
    ...boardChecks,
    ...(await checkModel(ports, config)),
    ...checkPrograms(config, path),
    ...checkFolders(config),
    ...(await checkWebhook(ports, config)),
  ];
  const rows = checks.map(({ state, subject, text }) => [state, subject, text]);
  host.writeOut(`${tableLines([{ title: "state" }, { title: "subject" }, { title: "finding" }], rows).join("\n")}\n`);
  if (board !== undefined) {
    const forecasts = await forecastCards(ports, config, board);
    const lines = forecasts.map(({ card, lane, wouldDo }) => [card, lane, wouldDo]);
    const table = tableLines([{ title: "card" }, { title: "lane" }, { title: "would do" }], lines);
    host.writeOut(lines.length === 0 ? "\nThe board has no open cards.\n" : `\n${table.join("\n")}\n`);
  }
  const problems = checks.filter(({ state }) => state === "problem").length;
  host.writeOut(
    problems === 0 ? "\nNothing was changed. It could start.\n" : `\nNothing was changed. Problems: ${problems}.\n`,
  );
  return problems === 0 ? exitCodes.held : exitCodes.failed;
}
