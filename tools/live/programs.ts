import type { ScenarioFile } from "../../src/serving/scenario-file.ts";
import { answerOfCoder } from "./epic.ts";

/** What the installed programs do: read by each of them when it starts. */
const scenario: ScenarioFile = { agents: { codex: answerOfCoder } };
// oxlint-disable-next-line import/no-default-export -- where installed programs look for their scenario
export default scenario;
