import { checkPrd, serialisePrd, type Story } from "../decide/prd.ts";
import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";
import { designPath, openVerified, prdErrorPath, prdPath, readArtifact, writeArtifact } from "./artifacts.ts";
import { askModel, type Judgement } from "./ask-model.ts";
import { planPrompt } from "./prompts.ts";
import { refuseStory } from "./refuse-story.ts";
import { attachArtifact, comment } from "./report.ts";
import { leaveLaterLanes, reopen } from "./rework.ts";

/** Lane 4: the stories. */
export async function pm(run: Run): Promise<void> {
  refuseStory(run, "no plan was written");
  const workspace = await openVerified(run);
  const design = await readArtifact(workspace, designPath);
  if (design === undefined) {
    fail("nothing can be planned", `there is no ${designPath}`, "Move the card through the design lanes first.");
  }
  const prompt = planPrompt({ card: run.card, metadata: await run.metadata() }, design);
  const answer = await askModel(run, {
    purpose: "plan",
    prompt,
    json: true,
    judge: (content) => judgePlan(run, content),
  });
  if (answer.kind === "refused") {
    await writeArtifact(workspace, prdErrorPath, `${answer.reason}\n`);
    fail("no plan was written", answer.reason, `See ${prdErrorPath}; then move the card back into this lane.`);
  }
  const content = serialisePrd(answer.value);
  await reopen(run, workspace, prdPath);
  await leaveLaterLanes(run);
  await writeArtifact(workspace, prdPath, content);
  await attachArtifact(run, prdPath, content);
  const count = answer.value.length;
  await comment(
    run,
    "plan",
    `${prdPath} with ${count} stories is written and attached. Move the card on to approve it.`,
  );
}

function judgePlan(run: Run, content: string): Judgement<readonly Story[]> {
  const reading = run.policies.answers.readJson(content);
  if (reading.kind === "refused") return reading;
  if (reading.repaired) run.ports.log.event("answer.repaired", { card: run.reference, purpose: "plan" });
  const check = checkPrd(reading.value);
  if (check.kind === "ok") return { kind: "ok", value: check.stories };
  return { kind: "refused", reason: check.errors.join("; ") };
}
