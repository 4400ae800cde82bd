// A worker with a mistake: it looks whether a card was planned, and then plans it. It looks once, when it starts.
const call = async (method, params) => {
  const response = await fetch(process.env.KANBOARD_URL, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`jsonrpc:${process.env.KANBOARD_API_TOKEN}`)}` },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return (await response.json()).result;
};

/** Asks until an answer came whole. */
const answerOfModel = async () => {
  for (;;) {
    try {
      const response = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
        method: "POST",
        body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Plan." }] }),
        signal: AbortSignal.timeout(2_000),
      });
      if ((await response.text()).includes("[DONE]")) return;
    } catch {
      // It broke, or its time was over.
    }
  }
};

const [, , mode] = process.argv;
if (mode === "deaf") {
  process.on("SIGTERM", () => {});
  // Out of its group, and with its output open.
  const { spawn } = await import("node:child_process");
  spawn("sleep", ["86400"], { detached: true, stdio: "inherit" }).unref();
}
if (mode === "dies") {
  process.stderr.write("there is no such setting: PLAN\n");
  process.exit(3);
}
if ((await call("getTaskMetadataByName", { task_id: 1, name: "planned" })) !== "yes") {
  if (mode === "writes") {
    const { writeFileSync } = await import("node:fs");
    writeFileSync("plan.md", "The plan.\n".repeat(10_000));
  }
  if (mode === "sleeps") await new Promise((resolve) => setTimeout(resolve, 20_000));
  if (mode === "asks") await answerOfModel();
  if (mode === "program") {
    const { execFileSync } = await import("node:child_process");
    execFileSync("git", ["init", "--quiet", "."]);
  }
  await call("createComment", { task_id: 1, user_id: 1, content: "The plan." });
  await call("saveTaskMetadata", { task_id: 1, values: { planned: "yes" } });
}
if (mode === "deaf") setInterval(() => {}, 1_000);
