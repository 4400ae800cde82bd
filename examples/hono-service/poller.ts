/** Looks at the board every few seconds, for the events of a webhook get lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { followUp, unlessThere, whoeverGetsTheTag } from "./follow-up.ts";

const mayWrite = process.env["CLAIM"] === "tag" ? whoeverGetsTheTag : unlessThere;

for (;;) {
  await followUp(mayWrite).catch((error: unknown) => process.stderr.write(`again in a while: ${String(error)}\n`));
  await sleep(5_000);
}
