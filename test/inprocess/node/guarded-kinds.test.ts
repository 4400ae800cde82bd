import { expect, test } from "vitest";
import { linesOf, printed, runFiles, runScenario, scenarioOf } from "../project.ts";

test.each([
  ["net.connect", `import net from "node:net"; net.connect(80);`],
  ["net.Socket", `import { Socket } from "node:net"; new Socket();`],
  ["net.createServer", `import net from "node:net"; net.createServer();`],
  ["tls.connect", `import tls from "node:tls"; tls.connect(443);`],
  ["http2.connect", `import http2 from "node:http2"; http2.connect("https://a.test");`],
  ["dgram.createSocket", `import dgram from "node:dgram"; dgram.createSocket("udp4");`],
  ["dns.lookup", `import dns from "node:dns"; dns.lookup("a.test", () => {});`],
  ["dns/promises.lookup", `import { lookup } from "node:dns/promises"; await lookup("a.test");`],
  ["worker_threads.Worker", `import { Worker } from "node:worker_threads"; new Worker("./a.js");`],
  ["cluster.fork", `import cluster from "node:cluster"; cluster.fork();`],
  ["child_process.fork", `import { fork } from "node:child_process"; fork("./a.js");`],
  ["vm.runInThisContext", `import vm from "node:vm"; vm.runInThisContext("1");`],
  ["inspector.open", `import inspector from "node:inspector"; inspector.open();`],
  ["v8.getHeapStatistics", `import v8 from "node:v8"; v8.getHeapStatistics();`],
  ["fs.watch", `import fs from "node:fs"; fs.watch(".");`],
  ["crypto.subtle", `await crypto.subtle.digest("SHA-256", new Uint8Array());`],
  ["crypto.subtle", `import { webcrypto } from "node:crypto"; webcrypto.subtle;`],
  ["crypto.generateKeyPairSync", `import crypto from "node:crypto"; crypto.generateKeyPairSync("ed25519");`],
  ["crypto.generateKey", `import { generateKey } from "node:crypto"; generateKey("hmac", { length: 64 }, () => {});`],
  ["crypto.pbkdf2", `import { pbkdf2 } from "node:crypto"; pbkdf2("a", "b", 1, 8, "sha256", () => {});`],
  ["crypto.scrypt", `import { scrypt } from "node:crypto"; scrypt("a", "b", 8, () => {});`],
  ["zlib.createGzip", `import zlib from "node:zlib"; zlib.createGzip();`],
  ["fs.watchFile", `import fs from "node:fs"; fs.watchFile("a", () => {});`],
  ["fs.watch", `import { watch } from "node:fs/promises"; watch(".");`],
  ["listening on a path", `import http from "node:http"; http.createServer().listen("/tmp/a.sock");`],
  ["repl.start", `import repl from "node:repl"; repl.start();`],
  ["sqlite.DatabaseSync", `import { DatabaseSync } from "node:sqlite"; new DatabaseSync(":memory:");`],
  ["process.binding", `(process as any).binding("fs");`],
  ["process.dlopen", `(process as any).dlopen({}, "a.node");`],
  ["MessageChannel", `new MessageChannel();`],
  ["BroadcastChannel", `new BroadcastChannel("a");`],
  ["WebSocket", `new WebSocket("ws://a.test");`],
  ["EventSource", `new EventSource("http://a.test");`],
  ["Worker", `new (globalThis as any).Worker("a.js");`],
])("%s is refused, with its place", async (api, code) => {
  const { verdict } = await runFiles({ "main.ts": `// A line before.\n${code}` });
  expect(verdict).toMatchObject({
    kind: "nondeterminism",
    what: expect.stringContaining(`${api} (called at main.ts:2:`) as string,
  });
});

/** What a user's code reaches when it gets past its globals, as through `new Function`: one of each kind that is guarded. */
test.each([
  ["Date.now", `Date.now()`],
  ["new Date()", `new Date()`],
  ["Date", `Date()`],
  ["new Date()", `new (new Date(0).constructor)()`],
  ["setTimeout", `setTimeout(() => {}, 1)`],
  ["setInterval", `setInterval(() => {}, 1)`],
  ["setImmediate", `setImmediate(() => {})`],
  ["timers.setTimeout", `real("timers").setTimeout(() => {}, 1)`],
  ["timers/promises.setTimeout", `real("timers/promises").setTimeout(1)`],
  ["timers/promises scheduler.wait", `real("timers/promises").scheduler.wait(1)`],
  ["AbortSignal.timeout", `AbortSignal.timeout(1)`],
  ["Math.random", `Math.random()`],
  ["performance.now", `performance.now()`],
  ["performance.mark", `performance.mark("a")`],
  ["process.hrtime", `process.hrtime()`],
  ["process.hrtime.bigint", `process.hrtime.bigint()`],
  ["process.uptime", `process.uptime()`],
  ["process.cpuUsage", `process.cpuUsage()`],
  ["crypto.randomUUID", `crypto.randomUUID()`],
  ["crypto.getRandomValues", `crypto.getRandomValues(new Uint8Array(1))`],
  ["crypto.subtle", `crypto.subtle`],
  ["crypto.randomBytes", `real("crypto").randomBytes(1)`],
  ["crypto.scrypt", `real("crypto").scrypt("a", "b", 8, () => {})`],
  ["fetch", `fetch("http://a.test")`],
  ["MessageChannel", `new MessageChannel()`],
  ["BroadcastChannel", `new BroadcastChannel("a")`],
  ["WebSocket", `new WebSocket("ws://a.test")`],
  ["WeakRef", `new WeakRef({})`],
  ["FinalizationRegistry", `new FinalizationRegistry(() => {})`],
  ["http.request", `real("http").request("http://a.test")`],
  ["https.get", `real("https").get("https://a.test")`],
  ["http.createServer", `real("http").createServer()`],
  ["net.connect", `real("net").connect(80)`],
  ["net.Socket", `new (real("net").Socket)()`],
  ["tls.connect", `real("tls").connect(443)`],
  ["dgram.createSocket", `real("dgram").createSocket("udp4")`],
  ["dns.lookup", `real("dns").lookup("a.test", () => {})`],
  ["child_process.spawn", `real("child_process").spawn("true")`],
  ["child_process.execFileSync", `real("child_process").execFileSync("true")`],
  ["process.kill", `process.kill(process.pid, 0)`],
  ["process.dlopen", `process.dlopen({}, "a.node")`],
  ["worker_threads.Worker", `new (real("worker_threads").Worker)("", { eval: true })`],
  ["cluster.fork", `real("cluster").fork()`],
  ["http2.connect", `real("http2").connect("http://a.test")`],
  ["fs.readFileSync", `real("fs").readFileSync("a")`],
  ["fs.createWriteStream", `real("fs").createWriteStream("a")`],
  ["fs/promises.writeFile", `real("fs/promises").writeFile("a", "")`],
  ["zlib.gzip", `real("zlib").gzip("a", () => {})`],
])("a planted leak of the real %s is caught by the guards behind: %s", async (api, code) => {
  const leak = `const real = (name) => process.getBuiltinModule("node:" + name); return ${code};`;
  const { verdict } = await runFiles({ "main.ts": `new Function(${JSON.stringify(leak)})();` });
  expect(verdict).toMatchObject({
    kind: "nondeterminism",
    what: expect.stringContaining(`${api} (use `) as string,
  });
});

test("what could be modelled and is not ends the run, and says where", async () => {
  const { verdict } = await runFiles({ "main.ts": `import fs from "node:fs";\nfs.linkSync("a", "b");` });
  expect(verdict.kind === "broken" && verdict.error.message).toMatch(
    /fs\.linkSync \(called at main\.ts:2:\d+\) is not modelled/,
  );
});

test("a module that is imported and not used is not refused", async () => {
  const code = `import net from "node:net"; import tls from "node:tls"; class Own extends net.Socket {} console.log(net.isIP("127.0.0.1"), typeof Own, typeof tls.connect);`;
  expect(await linesOf({ "main.ts": code })).toEqual(["4 function function"]);
});

test("time is virtual, whichever of its doors is taken", async () => {
  const code = `
    import { performance as hooks } from "node:perf_hooks";
    const read = () => [Date.now(), new Date().getTime(), performance.now(), hooks.now(), Number(process.hrtime.bigint() / 1_000_000n), process.uptime() * 1000];
    const before = read();
    await new Promise((resolve) => setTimeout(resolve, 250));
    console.log(read().map((each, index) => Math.round(each - before[index]!)).join());
    class Mine extends Date { twice() { return this.getTime() * 2; } }
    console.log(new Date(0).toISOString(), new Date() instanceof Date, new Mine(4).twice(), Date() === new Date().toString(), Date.UTC(1970, 0));`;
  expect(await linesOf({ "main.ts": code })).toEqual([
    "250,250,250,250,250,250",
    "1970-01-01T00:00:00.000Z true 8 true 0",
  ]);
});

test("chance is drawn by seed, whichever of its doors is taken", async () => {
  const code = `
    import { randomBytes, randomInt, randomUUID, getRandomValues, createHash } from "node:crypto";
    console.log(Math.random(), Math.random(), crypto.randomUUID(), randomUUID(), randomBytes(3).toString("hex"), randomInt(10), randomInt(5, 7), getRandomValues(new Uint8Array(2)).join());
    randomBytes(2, (error, bytes) => console.log(error, bytes.length));
    console.log(createHash("sha256").update("a").digest("hex").slice(0, 4));`;
  const scenario = scenarioOf({ "main.ts": code });
  const [first, again, other] = [1, 1, 2].map((drawSeed) => runScenario(scenario, { drawSeed }));
  expect(printed(await first!)).toEqual(printed(await again!));
  expect(printed(await first!)).toEqual(expect.arrayContaining(["null 2", "ca97"]) as string[]);
  expect(printed(await other!)[0]).not.toBe(printed(await first!)[0]);
  expect(printed(await first!)[0]).toMatch(
    /^0\.\d+ 0\.\d+ [\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12} .* [\da-f]{6} \d [56] \d+,\d+$/,
  );
});

test("timers keep their order and their contexts, and go when they are cleared", async () => {
  const code = `
    import { AsyncLocalStorage } from "node:async_hooks";
    import { setTimeout as sleep, setInterval as every } from "node:timers/promises";
    import { promisify } from "node:util";
    const user = new AsyncLocalStorage<string>();
    user.run("request 7", () => setTimeout(() => console.log("30", user.getStore()), 30));
    setTimeout((word: string) => console.log("10", word, user.getStore()), 10, "given");
    const cleared = setTimeout(() => console.log("never"), 5);
    clearTimeout(+cleared);
    let ticks = 0;
    const interval = setInterval(() => { console.log("tick", ++ticks); if (ticks === 2) clearInterval(interval); }, 100);
    setImmediate(() => console.log("immediate"));
    console.log(await sleep(50, "slept"));
    await promisify(setTimeout)(10);
    for await (const value of every(1_000, "again")) { console.log(value); break; }
    const late = sleep(1_000, "late", { signal: AbortSignal.timeout(20) }).catch((error) => console.log(error.name, error.cause.name));
    await late;`;
  expect(await linesOf({ "main.ts": code })).toEqual([
    "immediate",
    "10 given undefined",
    "30 request 7",
    "slept",
    "tick 1",
    "tick 2",
    "again",
    "AbortError TimeoutError",
  ]);
});

test("a kill ends one process: its timers, its requests, and what waits in it", async () => {
  const code = `
    const { NAME } = process.env;
    process.on("exit", () => console.log("exit"));
    setInterval(() => console.log(process.argv[2], "tick"), 100);
    try { await new Promise((resolve) => setTimeout(resolve, 350)); console.log(process.argv[2], "woke"); } finally { console.log(process.argv[2], "finally"); }`;
  const scenario = scenarioOf(
    { "main.ts": code },
    { args: ["a"], drive: (ports) => ports.clock.sleep(1_000).then(() => {}) },
  );
  const site = "program@0/main/timer.timeout(350ms)#0";
  const outcome = await runScenario(scenario, {
    faults: [{ site, kind: "kill", when: "after", restartAfterMs: 100_000 }],
  });
  expect(outcome.unused).toEqual([]);
  expect(printed(outcome)).toEqual(["a tick", "a tick", "a tick"]);
});

test.each([
  ["throws in a callback", `setTimeout(() => { throw new Error("no"); }, 5);`, ["program: Error: no"]],
  ["throws in a tick", `process.nextTick(() => { throw new Error("no"); });`, ["program: Error: no"]],
  ["throws in a microtask", `queueMicrotask(() => { throw new Error("no"); });`, ["program: Error: no"]],
  ["rejects and nobody listens", `void Promise.reject(new Error("no"));`, ["program: Error: no"]],
  ["throws at its top level", `throw new Error("no");`, ["program: Error: no"]],
  [
    "has a stream that fails and nobody listens",
    `import { Readable } from "node:stream"; new Readable({ read() {} }).destroy(new Error("no"));`,
    ["program: Error: no"],
  ],
  ["exits with a code", `process.exit(3);`, ["program: Exit: exit code 3"]],
  ["exits well", `setTimeout(() => console.log("never"), 10); process.exit(0);`, []],
])("a process that %s", async (_what, code, ends) => {
  const outcome = await runFiles({ "main.ts": code });
  expect(outcome.verdict).toEqual({ kind: "held" });
  expect(printed(outcome)).toEqual([]);
  expect(
    outcome.history.events.flatMap((event) =>
      event.kind === "process" && event.what === "crash" ? [`${event.process}: ${event.reason}`] : [],
    ),
  ).toEqual(ends);
});
