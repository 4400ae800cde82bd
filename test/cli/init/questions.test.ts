import { beforeEach, expect, test, vi } from "vitest";
import { askQuestions } from "../../../src/cli/init/questions.ts";

const cancelled = Symbol("cancelled");
const prompts = vi.hoisted(() => ({ select: vi.fn(), text: vi.fn(), confirm: vi.fn() }));

vi.mock("@clack/prompts", () => ({
  ...prompts,
  intro: () => {},
  outro: () => {},
  isCancel: (value: unknown) => typeof value === "symbol",
}));

beforeEach(() => {
  prompts.select.mockReset().mockResolvedValue("http");
  prompts.text.mockReset().mockResolvedValue("shop");
  prompts.confirm.mockReset().mockResolvedValue(false);
});

function asked(): number {
  return Object.values(prompts).reduce((sum, prompt) => sum + prompt.mock.calls.length, 0);
}

test("asks three questions when nothing is known", async () => {
  expect(await askQuestions({})).toEqual({ kind: "http", folder: "shop", ci: false });
  expect(asked()).toBe(3);
});

test("asks nothing about what flags and arguments said", async () => {
  expect(await askQuestions({ kind: "ports", folder: "here" })).toEqual({ kind: "ports", folder: "here", ci: false });
  expect(asked()).toBe(1);
  const known = { kind: "ports", folder: "here", ci: true } as const;
  expect(await askQuestions(known)).toEqual(known);
  expect(asked()).toBe(1);
});

test.each(["select", "text", "confirm"] as const)("ends without answers when %s is broken off", async (name) => {
  prompts[name].mockResolvedValue(cancelled);
  expect(await askQuestions({})).toBeUndefined();
});

test("takes no name of a folder for the folder itself", async () => {
  prompts.text.mockResolvedValue("");
  expect(await askQuestions({})).toMatchObject({ folder: "." });
});
