import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { readBody, type ServedApp } from "../serving/http-listener.ts";
import type { ProgramStart } from "./recording.ts";

/** Where installed programs say that they start. Nothing is held. */
export class ProgramGate {
  readonly starts: ProgramStart[] = [];
  /** Told of each start. */
  onStart: () => void = () => {};

  private readonly pids: number[] = [];

  /** One of them has not ended. */
  get isRunning(): boolean {
    return this.pids.some((pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    });
  }

  app(): ServedApp {
    const app: ServedApp = new Hono();
    app.post("/start", async (context) => {
      const body = await readBody(context.env.incoming, bodyBytesMax);
      const { program, pid } = JSON.parse(body.kind === "whole" ? Buffer.from(body.bytes).toString("utf8") : "{}") as {
        readonly program: string;
        readonly pid: number;
      };
      this.starts.push({ name: program, process: ownerOf(pid), args: argumentsOf(pid) });
      this.pids.push(pid);
      this.onStart();
      return context.body(null, 204);
    });
    return app;
  }
}

const bodyBytesMax = 4_096;

/** Which process of the system it belongs to; `unknown` where the machine does not say. */
function ownerOf(pid: number): string {
  const mark = "STORMLANE_PROCESS=";
  return (
    textsOf(pid, "environ")
      ?.find((each) => each.startsWith(mark))
      ?.slice(mark.length) ?? "unknown"
  );
}

/** Without this Node and the file that it runs. */
function argumentsOf(pid: number): readonly string[] | undefined {
  return textsOf(pid, "cmdline")?.slice(2);
}

function textsOf(pid: number, name: "environ" | "cmdline"): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8").replace(/\0$/, "").split("\0");
  } catch {
    return undefined;
  }
}
