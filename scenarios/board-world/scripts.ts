import type { AgentAnswer, AgentEdit, AgentRequest } from "../../fakes/cli/agent-script.ts";
import type { ScriptAnswer, ScriptRequest } from "../../fakes/llm/model-script.ts";
import { projectsFolder } from "./settings.ts";
import type { PlanDamage, Workload } from "./workload.ts";

/**
 * What the planner's model says. Like a real one it words each answer anew: an artifact that is written again is
 * another artifact, unless the workload says otherwise.
 */
export function plannerScript(workload: Workload): (request: ScriptRequest) => ScriptAnswer | undefined {
  return (request) => {
    const wording = workload.wording === "same" ? { ...request, draw: () => 0 } : request;
    const answer = plannerAnswer(workload, wording);
    if (answer === undefined || workload.plannerMs === undefined) return answer;
    return { ...answer, timeToFirstTokenMs: workload.plannerMs };
  };
}

function plannerAnswer(workload: Workload, request: ScriptRequest): ScriptAnswer | undefined {
  const slash = request.key.lastIndexOf("/");
  const reference = request.key.slice(0, slash);
  switch (request.key.slice(slash + 1)) {
    case "design":
      return document(request, `Design of ${reference}`, "The parts are a store, a service and a page.");
    case "plan": {
      const epic = workload.epics.find((each) => each.reference === reference);
      if (epic === undefined) return undefined;
      const plan = JSON.stringify(epic.prd);
      return { content: request.attempt === 1 ? damagedPlan(plan, workload.firstPlan) : plan };
    }
    case "test-plan":
      return document(request, `Test plan of ${reference}`, "Each criterion is a case; the data is small and fixed.");
    case "test-code":
      return testFile(request, reference);
    default:
      return undefined;
  }
}

function damagedPlan(plan: string, damage: PlanDamage | undefined): string {
  switch (damage) {
    case undefined:
      return plan;
    case "loose":
      return `${plan.replace('"stories"', "stories").slice(0, -1)},}`;
    case "cut":
      return plan.slice(0, Math.ceil(plan.length / 2));
  }
}

function document(request: ScriptRequest, title: string, sentence: string): ScriptAnswer {
  const wording = request.draw("wording", 1_000_000);
  return { content: `# ${title}\n\n${sentence} Wording ${wording}.\n\n${"It stays simple. ".repeat(8)}` };
}

function testFile(request: ScriptRequest, reference: string): ScriptAnswer {
  // A prompt that was cut in half may have lost the sentence; the story's name is left.
  const story = reference.slice(reference.indexOf("/") + 1).replace(/[^a-zA-Z0-9]/g, "_");
  const source = /will stand in (src\/\w+\.py)/.exec(request.prompt)?.[1] ?? `src/${story}.py`;
  const solution = `solve_${request.draw("solution", 1_000_000)}`;
  const name = source.slice("src/".length, -".py".length);
  return {
    content: [
      `"""Tests of ${reference.replace(/[^ -~]|"/g, "?")}."""`,
      "",
      `def test_${name}():`,
      `    # expect: ${source} contains def ${solution}`,
      `    assert ${solution}() is not None`,
      "",
    ].join("\n"),
  };
}

/** What the coding tool says: wrong until the try that the workload names, then what the tests expect. */
export function coderScript(workload: Workload): (request: AgentRequest) => AgentAnswer {
  return ({ prompt, attempt }) => {
    // Tests that lost their end may expect nothing any more: then any solution will do.
    const solution = /# expect: \S+ contains def (\w+)/.exec(prompt)?.[1] ?? "solve";
    const name = attempt < workload.coderNeedsTries ? `almost_${solution}` : solution;
    // A wrong answer that makes its own tests pass; the right one has no need to.
    const trick = attempt < workload.coderNeedsTries ? trickOf(workload, prompt) : "";
    return {
      message: `"""Try ${attempt}."""\n${trick}\n\ndef ${name}():\n    return ${attempt}\n`,
      durationMs: 25_000,
      ...(workload.coderEdits === undefined ? {} : { edits: [coderEdit(workload, workload.coderEdits)] }),
    };
  };
}

function coderEdit({ epics }: Workload, path: string): AgentEdit {
  return { path: `${projectsFolder}/${epics[0]!.dirname}/${path}`, content: "Changed by the coder.\n" };
}

/**
 * As a comment that says what running the code does; see the simulated pytest. The code runs in the work tree of its
 * story, and finds the approved tests from there.
 */
function trickOf({ code = "honest" }: Workload, prompt: string): string {
  const tests = `${workspace}/${/tests\/test_\w+\.py/.exec(prompt)?.[0] ?? "tests/test_S1.py"}`;
  switch (code) {
    case "honest":
      return "";
    case "empties-test":
      return `# side effect: write ${tests} def test_nothing(): pass\n`;
    case "removes-test":
      return `# side effect: remove ${tests}\n`;
    case "removes-all-tests":
      return `# side effect: remove ${workspace}/tests\n`;
    case "spells-test":
      return `# side effect: write ${workspace}/./src/../${tests.slice(workspace.length + 1)} def test_nothing(): pass\n`;
    case "writes-design":
      return `# side effect: write ${workspace}/DESIGN.md # Another design\n# side effect: remove ${workspace}/prd.json\n`;
    case "empties-ratchet":
      return `# side effect: write ${workspace}/.agentleeops/ratchet.json {}\n`;
    case "forges-record":
      return `# side effect: write ${workspace}/.agentleeops/approvals/${forgedRecord} {}\n`;
    case "removes-records":
      return `# side effect: remove ${workspace}/.agentleeops/approvals\n`;
    case "writes-conftest":
      return `# side effect: write ${workspace}/conftest.py collect_ignore_glob = ['tests/*']\n`;
    case "writes-other-test":
      return `# side effect: write ${workspace}/tests/test_added.py def test_added(): pass\n`;
  }
}

/** Says that some other design has been approved since. */
const forgedRecord = `DESIGN.md@0002-lock-${"0".repeat(16)}-${"0123456789abcdef".repeat(4)}.json`;

/** Of the epic, from the work tree of a story. */
const workspace = "../../..";
