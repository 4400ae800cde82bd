import { describe } from "vitest";
import { simTest } from "../../../src/vitest/stormlane.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

const reproFolder = process.env["KEPT_FOLDER"]!;
/** The same test, once its mistake is mended. */
const scenario =
  process.env["MENDED"] === undefined ? toy("counter-racy") : { ...toy("counter-locked"), name: "counter-racy" };

describe("a counter", () => {
  simTest("loses no update", { scenario, reproFolder });
});
