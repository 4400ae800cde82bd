import { styleText } from "node:util";
import type { Paint } from "../report/paint.ts";

/** Colours. Whether there is a terminal has been decided before. */
export const terminalPaint: Paint = {
  bad: (text) => styleText("red", text, { validateStream: false }),
  good: (text) => styleText("green", text, { validateStream: false }),
  faint: (text) => styleText("dim", text, { validateStream: false }),
  strong: (text) => styleText("bold", text, { validateStream: false }),
};
