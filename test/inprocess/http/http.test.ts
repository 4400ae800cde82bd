import { describe, expect, test } from "vitest";
import { linesOf, printed, runFiles, runScenario, scenarioOf } from "../project.ts";

const echo = `
  import http from "node:http";
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
      response.writeHead(201, { "x-kind": "echo" });
      response.write(\`\${request.method} \${request.url} \`);
      response.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(3000, resolve));`;

describe("a server of its own is reached", () => {
  test.each([
    [
      "by fetch",
      `const r = await fetch("http://localhost:3000/a?b=1", { method: "POST", body: "text" }); console.log(r.status, r.headers.get("x-kind"), await r.text(), r.url);`,
      "201 echo POST /a?b=1 text http://localhost:3000/a?b=1",
    ],
    [
      "by fetch with a form",
      `const r = await fetch(new Request("http://127.0.0.1:3000/", { method: "PUT", body: new URLSearchParams({ a: "1" }) })); console.log(await r.text());`,
      "PUT / a=1",
    ],
    [
      "by fetch as a stream",
      `const r = await fetch("http://localhost:3000/"); let text = ""; for await (const chunk of r.body!.pipeThrough(new TextDecoderStream())) text += chunk; console.log(text);`,
      "GET / ",
    ],
    [
      "by http.request",
      `http.request({ port: 3000, method: "POST", path: "/a", headers: { "content-type": "text/plain" } }, (r) => { let text = ""; r.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => console.log(r.statusCode, r.headers["x-kind"], text)); }).end("text");`,
      "201 echo POST /a text",
    ],
    [
      "by http.get with a URL",
      `http.get(new URL("http://localhost:3000/a"), async (r) => { let text = ""; for await (const part of r) text += part; console.log(text); });`,
      "GET /a ",
    ],
  ])("%s", async (_how, client, line) => {
    expect(await linesOf({ "main.ts": echo + client })).toEqual([line]);
  });
});

test.each([
  ["a request that nobody answers", `await fetch("http://127.0.0.1:9/")`, "TypeError fetch failed ECONNREFUSED"],
  [
    "a time limit",
    `await fetch("http://127.0.0.1:3000/", { signal: AbortSignal.timeout(50) })`,
    "TimeoutError The operation was aborted due to timeout undefined",
  ],
  [
    "an abort beforehand",
    `await fetch("http://127.0.0.1:3000/", { signal: AbortSignal.abort() })`,
    "AbortError This operation was aborted undefined",
  ],
  ["a redirect without end", `await fetch("http://127.0.0.1:3001/")`, "TypeError fetch failed undefined"],
])("fetch fails as it does for real: %s", async (_what, request, line) => {
  const code = `
    import http from "node:http";
    http.createServer(() => {}).listen(3000);
    await new Promise<void>((resolve) => http.createServer((_request, response) => response.writeHead(302, { location: "/again" }).end()).listen(3001, resolve));
    try { ${request}; } catch (error: any) { console.log(error.name, error.message, error.cause?.code); }`;
  expect(await linesOf({ "main.ts": code })).toEqual([line]);
});

test("http.request fails by an event, and one that nobody listens for is a crash", async () => {
  const heard = `import http from "node:http"; http.get("http://127.0.0.1:9/").on("error", (error: any) => console.log(error.code));`;
  expect(await linesOf({ "main.ts": heard })).toEqual(["ECONNREFUSED"]);
  const unheard = `import http from "node:http"; http.get("http://127.0.0.1:9/");`;
  expect(await linesOf({ "main.ts": unheard })).toEqual(["program: Error: connect ECONNREFUSED"]);
});

test("a request to a place that nobody has modelled ends the run, and says where it was sent", async () => {
  const { verdict } = await runFiles({ "main.ts": `await fetch("https://hooks.example.com/a").catch(() => {});` });
  expect(verdict.kind === "broken" && verdict.error.message).toMatch(
    /GET https:\/\/hooks\.example\.com: no service is there.*main\.ts:1:/,
  );
});

test("faults strike requests of unmodified code by their sites", async () => {
  const code = `
    import http from "node:http";
    await new Promise<void>((resolve) => http.createServer((_request, response) => response.end("ok")).listen(3000, resolve));
    for (let n = 0; n < 2; n++) console.log(await fetch("http://localhost:3000/a").then((r) => r.status, (error) => error.cause.code));`;
  const site = "program@0/main/http.GET(127.0.0.1:3000/a)#0";
  const scenario = scenarioOf({ "main.ts": code });
  expect(printed(await runScenario(scenario, { faults: [{ site, kind: "answer-reset" }] }))).toEqual([
    "UND_ERR_SOCKET",
    "200",
  ]);
  expect(
    printed(await runScenario(scenario, { faults: [{ site, kind: "answered-with", status: 503, effect: "none" }] })),
  ).toEqual(["503", "200"]);
});

test("requests that go on at the same time have sites of their own", async () => {
  const code = `
    import http from "node:http";
    await new Promise<void>((resolve) => http.createServer((_request, response) => response.end("ok")).listen(3000, resolve));
    await Promise.all([1, 2, 3].map(() => fetch("http://localhost:3000/a")));`;
  const { history } = await runFiles({ "main.ts": code });
  const sites = history.events.flatMap((event) =>
    event.kind === "sent" && event.op.name === "http.GET" ? [event.op.key] : [],
  );
  expect(sites).toEqual(["127.0.0.1:3000/a", "127.0.0.1:3000/a~2", "127.0.0.1:3000/a~3"]);
});

test("what a webhook causes is a task of its own, through timers and streams", async () => {
  const code = `
    import http from "node:http";
    import fs from "node:fs/promises";
    http.createServer((request, response) => {
      request.resume().on("end", () => setTimeout(async () => { await fs.writeFile("seen", "x"); response.end(); }, 5));
    }).listen(3000);`;
  const outcome = await runFiles(
    { "main.ts": code },
    {
      drive: async (ports) => {
        await ports.clock.sleep(1);
        await ports.http.request({
          method: "POST",
          url: "http://127.0.0.1:3000/",
          timeoutMs: 1_000,
          name: "webhook",
          key: "card",
        });
      },
    },
  );
  const writes = outcome.history.events.flatMap((event) =>
    event.kind === "sent" && event.op.name === "fs.open" ? [event.op.taskName] : [],
  );
  expect(writes).toEqual([expect.stringMatching(/^webhook\(card\)~[\da-f]{8}$/)]);
});
