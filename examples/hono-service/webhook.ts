/** Hears from the board that something happened to a card, and looks what is to be done. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { followUp, unlessThere, whoeverGetsTheTag } from "./follow-up.ts";

const mayWrite = process.env["CLAIM"] === "tag" ? whoeverGetsTheTag : unlessThere;
const app = new Hono();

app.post("/webhook", async (context) => {
  if (context.req.query("token") !== process.env["WEBHOOK_TOKEN"]) return context.text("who are you?", 403);
  const { event_name } = await context.req.json<{ event_name: string }>();
  if (event_name !== "task.move.column" && event_name !== "task.create") return context.text("not for us");
  followUp(mayWrite).catch((error: unknown) => process.stderr.write(`the poller will see to it: ${String(error)}\n`));
  return context.text("ok");
});

serve({ fetch: app.fetch, port: Number(process.env["PORT"]) });
