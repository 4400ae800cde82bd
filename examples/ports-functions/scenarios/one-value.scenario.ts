import { reportInOneValue } from "../src/reports.ts";
import { reports } from "./reports.ts";

export default reports("reports-in-one-value", reportInOneValue);
