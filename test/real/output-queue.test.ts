import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { OutputQueue, waitingBytesMax } from "../../src/real/output-queue.ts";

test("a program that floods its output waits until somebody reads", async () => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const queue = new OutputQueue(stdout, stderr);
  stdout.write(Buffer.alloc(waitingBytesMax - 1));
  stderr.write(Buffer.alloc(1));
  await new Promise(setImmediate);
  expect(stdout.isPaused()).toBe(true);
  expect((await queue.read())!.bytes.length).toBe(waitingBytesMax - 1);
  expect(stdout.isPaused()).toBe(false);
  expect(stderr.isPaused()).toBe(false);
});

test("a reader that waits is served, and the end comes when both pipes have closed", async () => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const queue = new OutputQueue(stdout, stderr);
  const first = queue.read();
  stderr.write("err");
  expect(await first).toEqual({ stream: "stderr", bytes: new Uint8Array([0x65, 0x72, 0x72]) });
  stderr.destroy(new Error("broken pipe"));
  const last = queue.read();
  stdout.end("o");
  expect(await last).toMatchObject({ stream: "stdout" });
  expect(await queue.read()).toBeNull();
});

test("two reads at once are a defect of the caller", () => {
  const queue = new OutputQueue(new PassThrough(), new PassThrough());
  void queue.read();
  expect(() => queue.read()).toThrow("one read at a time");
});
