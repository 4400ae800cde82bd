import type { CountedFunction } from "../../review/coverage/executed-lines.ts";
import type { CountedScript, LoadedScript } from "./precise-coverage.ts";

/**
 * The modules of a system that runs unmodified. Each is compiled as the body of a function inside another one, which begin
 * on a line of their own; what is counted there is taken for a module that stands alone.
 */
export class ModuleBodies {
  /** By URL. */
  readonly sources: ReadonlyMap<string, string>;
  private readonly bodies: ReadonlyMap<string, ModuleBody>;

  /** @param taken all counts: of a module that was compiled in two forms, what ran says which one runs */
  constructor(loaded: readonly LoadedScript[], taken: readonly CountedScript[]) {
    const bodies = new Map<string, ModuleBody>();
    for (const script of loaded) {
      const body = bodyOf(script);
      if (body === undefined) continue;
      const ran = taken.some(
        ({ scriptId, functions }) => scriptId === script.scriptId && inside(body, functions).length > 0,
      );
      if (ran || !bodies.has(script.url)) bodies.set(script.url, body);
    }
    this.bodies = bodies;
    this.sources = new Map([...bodies].map(([url, { source }]) => [url, source]));
  }

  /** What was counted in the functions of modules; what runs while they load is in none. */
  counts(scripts: readonly CountedScript[]): CountedScript[] {
    return scripts.flatMap((script) => {
      const body = this.bodies.get(script.url);
      return body?.scriptId === script.scriptId ? [{ ...script, functions: inside(body, script.functions) }] : [];
    });
  }

  /** All functions of each module: V8 names those of a module when it is first run, and not when it is compiled. */
  allFunctions(taken: readonly CountedScript[]): CountedScript[] {
    const whole = new Map<string, CountedScript>();
    for (const script of this.counts(taken)) {
      const known = whole.get(script.url)?.functions ?? [];
      whole.set(script.url, { ...script, functions: [...known, ...script.functions] });
    }
    return [...whole.values()];
  }
}

interface ModuleBody {
  readonly scriptId: string;
  readonly source: string;
  /** Of its source in that of the script. */
  readonly startOffset: number;
  readonly endOffset: number;
}

/** @returns undefined for a script that was compiled otherwise, which is none of the system */
function bodyOf({ scriptId, source }: LoadedScript): ModuleBody | undefined {
  const startOffset = source.indexOf("\n") + 1;
  if (!source.startsWith("(function(") || !source.endsWith(tail)) return undefined;
  const endOffset = source.length - tail.length;
  // With the end of its last line: what is all of a script is no function of it.
  return { scriptId, source: `${source.slice(startOffset, endOffset)}\n`, startOffset, endOffset };
}

const tail = "\n}})";

function inside({ startOffset, endOffset }: ModuleBody, functions: readonly CountedFunction[]): CountedFunction[] {
  return functions.flatMap(({ ranges }) => {
    const [whole] = ranges;
    if (whole === undefined || whole.startOffset < startOffset || whole.endOffset > endOffset) return [];
    const shifted = ranges.map(({ count, ...range }) => ({
      startOffset: range.startOffset - startOffset,
      endOffset: range.endOffset - startOffset,
      count,
    }));
    return [{ ranges: shifted }];
  });
}
