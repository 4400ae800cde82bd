import type { ViewerDocument } from "../viewer-document.ts";
import { showRun } from "./viewer.ts";

showRun(JSON.parse(document.querySelector("#run")!.textContent) as ViewerDocument);
