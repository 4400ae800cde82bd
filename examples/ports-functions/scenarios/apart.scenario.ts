import { reportApart } from "../src/reports.ts";
import { reports } from "./reports.ts";

export default reports("reports-apart", reportApart);
