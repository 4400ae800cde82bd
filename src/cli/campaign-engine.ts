import type { ExecutorFactory } from "../campaign/task.ts";
import { wrongValue } from "./option-values.ts";
import { threadsEngine } from "./threads-engine.ts";

/** Who computes a campaign, by the value of `--engine`. */
export function engineNamed(text: string): ExecutorFactory {
  if (text === "threads") return threadsEngine;
  throw wrongValue("--engine", text, "there is no such engine", "use threads");
}
