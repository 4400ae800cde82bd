/** The colours of the page's style, for what is drawn. */
export interface Palette {
  readonly ground: string;
  readonly raised: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly call: string;
  readonly change: string;
  readonly note: string;
  readonly bad: string;
  readonly warn: string;
  readonly accent: string;
}

/** As the style has them now: they differ between light and dark. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: colour("ground"),
    raised: colour("raised"),
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    call: colour("call"),
    change: colour("change"),
    note: colour("note"),
    bad: colour("bad"),
    warn: colour("warn"),
    accent: colour("accent"),
  };
}

/** A canvas that is as sharp as the screen. @returns what draws on it, in CSS pixels, on a ground that is clear */
export function prepareCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = window.devicePixelRatio;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d")!;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
