import { simTest } from "../../../src/vitest/stormlane.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

simTest("never gives the turn back", { scenario: toy("counter-stuck"), stallMsMax: 1_000 });
