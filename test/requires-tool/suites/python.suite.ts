import { test } from "vitest";
import { requiresTool } from "../requires-tool.ts";

requiresTool("python3");

test("needs python", () => {});
