import { posix } from "node:path";
import type { ProgramContext } from "../../../src/ports/program.ts";
import type { AgentRequest } from "../agent-script.ts";
import { isHostFileFailure } from "../host-file-failure.ts";
import type { ExecArguments } from "./exec-arguments.ts";

/** What a turn goes on with. */
export interface Session {
  /** undefined for a new one. */
  readonly id: string | undefined;
  /** Of the turn that begins now, from 1. */
  readonly turn: number;
}

/** @returns undefined when there is none to go on with */
export function openSession(context: ProgramContext, resume: ExecArguments["resume"]): Session | undefined {
  if (resume === undefined) return { id: undefined, turn: 1 };
  const folder = sessionsFolder(context);
  if (folder === undefined) return undefined;
  const id = resume === "latest" ? readIfThere(context, `${folder}/latest`) : resume.id;
  if (id === undefined || !/^[\w-]+$/.test(id)) return undefined;
  const turns = readIfThere(context, `${folder}/${id}`);
  return turns === undefined ? undefined : { id, turn: Number(turns) + 1 };
}

/** Without a HOME nothing is kept. */
export function saveSession(context: ProgramContext, { sessionId, turn }: AgentRequest): void {
  const folder = sessionsFolder(context);
  if (folder === undefined) return;
  context.files.makeFolder(folder);
  context.files.write(`${folder}/${sessionId}`, String(turn));
  context.files.write(`${folder}/latest`, sessionId);
}

function sessionsFolder({ env }: ProgramContext): string | undefined {
  const home = env["HOME"];
  return home === undefined ? undefined : posix.join(home, ".codex/sessions");
}

function readIfThere(context: ProgramContext, path: string): string | undefined {
  try {
    return context.files.readText(path);
  } catch (error) {
    if (isHostFileFailure(error)) return undefined;
    throw error;
  }
}
