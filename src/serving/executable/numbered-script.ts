import type { AgentScript } from "../../../fakes/cli/agent-script.ts";

/**
 * The same script, asked with the number of the attempt where the prompt does not say it: a client that asks again for the
 * same is told apart from itself.
 *
 * @param next counts over all processes
 */
export function numberedScript(script: AgentScript, next: (count: string) => number): AgentScript {
  return (request) => {
    if (/(^|\n)attempt: \d/.test(request.prompt)) return script(request);
    const { agent, token, role, key, promptDigest, turn } = request;
    // Without a role and a key the prompt itself is the task.
    const task = role === "" && key === "" ? promptDigest : `${role}\n${key}`;
    return script({ ...request, attempt: next(`attempt of ${agent}\n${token}\n${turn}\n${task}`) });
  };
}
