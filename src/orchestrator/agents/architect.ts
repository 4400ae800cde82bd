import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";
import { designPath, openVerified, writeArtifact } from "./artifacts.ts";
import { askModel, type Judgement } from "./ask-model.ts";
import { withRepository } from "./git/repository.ts";
import { designPrompt } from "./prompts.ts";
import { refuseStory } from "./refuse-story.ts";
import { attachArtifact, comment } from "./report.ts";
import { leaveLaterLanes, reopen } from "./rework.ts";

/** Lane 2: the design document. */
export async function architect(run: Run): Promise<void> {
  refuseStory(run, "no design was written");
  const workspace = await openVerified(run);
  await withRepository(run, workspace, () => Promise.resolve());
  const prompt = designPrompt({ card: run.card, metadata: await run.metadata() });
  const answer = await askModel(run, {
    purpose: "design",
    prompt,
    json: false,
    judge: (content) => judgeDocument(run, content),
  });
  if (answer.kind === "refused") {
    fail(
      "no design was written",
      answer.reason,
      "Make the card's description clearer, then move it back into this lane.",
    );
  }
  await reopen(run, workspace, designPath);
  await leaveLaterLanes(run);
  await writeArtifact(workspace, designPath, answer.value);
  await attachArtifact(run, designPath, answer.value);
  await comment(run, "design", `${designPath} is written and attached. Move the card on to approve it.`);
}

export function judgeDocument(run: Run, content: string): Judgement<string> {
  const check = run.policies.answers.checkDocument(content);
  return check.kind === "ok" ? { kind: "ok", value: check.text } : check;
}
