import { assert } from "../../base/assert.ts";
import { linesInFunctions, linesThatRan, type CountedFunction } from "../../review/coverage/executed-lines.ts";
import type { CodePlace, CodeRange } from "../../review/coverage/replaced-decisions.ts";
import type { CountedScript, SourcePlace } from "./precise-coverage.ts";
import { moduleName, type SystemUnderTest } from "./system-modules.ts";

/** @returns lines of the file as it was written, from 1, for those of what runs */
export type WrittenLines = (url: string, lines: number[]) => number[];

/** The functions of a system's modules, and where they stand in the sources that ran. */
export class SystemCode {
  readonly sources: ReadonlyMap<string, string>;
  private readonly system: SystemUnderTest;
  private readonly functions: ReadonlyMap<string, readonly CountedFunction[]>;
  private readonly writtenLines: WrittenLines;

  /**
   * @param sources by URL
   * @param taken all counts since before the first module was loaded: where a script stands for the first time, V8 names
   * all its functions
   * @param writtenLines where lines that run were written; unless given they run as they stand
   */
  constructor(
    system: SystemUnderTest,
    sources: ReadonlyMap<string, string>,
    taken: readonly CountedScript[],
    writtenLines: WrittenLines = (_, lines) => lines,
  ) {
    this.system = system;
    this.sources = sources;
    this.writtenLines = writtenLines;
    this.functions = new Map(taken.toReversed().map(({ url, functions }) => [url, functions]));
  }

  get modules(): ReadonlyMap<string, string> {
    return new Map([...this.sources].map(([url, source]) => [moduleName(this.system, url), source]));
  }

  lines(url: string): number[] {
    return this.writtenLines(url, linesInFunctions(this.sourceOf(url), this.functionsOf(url)));
  }

  linesThatRan(url: string, scripts: readonly CountedScript[]): number[] {
    const functions = scripts.find((script) => script.url === url)?.functions ?? [];
    return this.writtenLines(url, linesThatRan(this.sourceOf(url), functions));
  }

  placeOf({ url, lineNumber, columnNumber }: SourcePlace): CodePlace {
    const before = this.sourceOf(url).split("\n").slice(0, lineNumber);
    const offset = before.reduce((length, line) => length + line.length + 1, columnNumber);
    return { module: moduleName(this.system, url), offset };
  }

  /** The smallest function that holds a place. */
  functionAt(place: SourcePlace): CodeRange | undefined {
    const { module, offset } = this.placeOf(place);
    const holding = this.functionsOf(place.url)
      .map(({ ranges }) => ranges[0]!)
      .filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)
      .toSorted((left, right) => left.endOffset - left.startOffset - (right.endOffset - right.startOffset));
    const [smallest] = holding;
    return smallest === undefined
      ? undefined
      : { module, startOffset: smallest.startOffset, endOffset: smallest.endOffset };
  }

  private sourceOf(url: string): string {
    const source = this.sources.get(url);
    assert(source !== undefined, `${url} is no module of the system`);
    return source;
  }

  private functionsOf(url: string): readonly CountedFunction[] {
    return this.functions.get(url) ?? [];
  }
}
