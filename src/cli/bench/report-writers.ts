import { appendFileSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { writeFileAtomically } from "../atomic-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a report goes. */
export interface ReportWriter {
  /** @returns why it did not get there, in one line; nothing when it did */
  write(markdown: string): Promise<string | undefined>;
}

export function fileWriter(cwd: string, path: string): ReportWriter {
  return {
    write: async (markdown) => {
      writeFileAtomically(resolve(cwd, path), markdown);
      return undefined;
    },
  };
}

/** The page of a job on GitHub, whose file the runner names. */
export function stepSummaryWriter(environment: Environment): ReportWriter {
  return {
    write: async (markdown) => {
      const path = environment["GITHUB_STEP_SUMMARY"];
      if (path === undefined) return "GITHUB_STEP_SUMMARY is not set: there is no step summary";
      appendFileSync(path, markdown);
      return undefined;
    },
  };
}

const eventSchema = z.object({ pull_request: z.object({ number: z.int().min(1) }) });

/** A comment on the pull request that the job runs for. Pull requests from forks have no token that may write one. */
export function commentWriter(environment: Environment): ReportWriter {
  return {
    write: async (markdown) => {
      const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_EVENT_PATH: eventPath } = environment;
      if (token === undefined || token === "") return "GITHUB_TOKEN is not set: no comment was written";
      if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
        return "GITHUB_REPOSITORY is no repository";
      const number = pullRequestOf(eventPath);
      if (number === undefined) return "the job does not run for a pull request: no comment was written";
      const api = environment["GITHUB_API_URL"] ?? "https://api.github.com";
      return post(`${api}/repos/${repository}/issues/${number}/comments`, token, markdown);
    },
  };
}

function pullRequestOf(eventPath: string | undefined): number | undefined {
  if (eventPath === undefined) return undefined;
  try {
    return eventSchema.safeParse(JSON.parse(readFileSync(eventPath, "utf8"))).data?.pull_request.number;
  } catch {
    return undefined;
  }
}

async function post(url: string, token: string, body: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
      body: JSON.stringify({ body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.ok ? undefined : `GitHub answered ${answer.status}: no comment was written`;
  } catch {
    return "GitHub could not be reached: no comment was written";
  }
}

const timeoutMs = 30_000;
