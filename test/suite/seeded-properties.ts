import fc from "fast-check";
import { propertySeed } from "./property-seed.ts";

// A setup file of vitest, in each file of tests before its own imports.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: propertySeed(process.env["STORMLANE_PROPERTY_SEED"]) });
