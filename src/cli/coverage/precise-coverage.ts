import { Session, type Debugger, type Profiler } from "node:inspector/promises";
import type { CountedFunction } from "../../review/coverage/executed-lines.ts";

/** A script that this thread loaded, with what ran of it. */
export interface CountedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly functions: readonly CountedFunction[];
}

/** Where something begins. Lines and columns count from 0. */
export interface SourcePlace {
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface InspectedCode {
  /** In the order in which they were loaded. */
  readonly scripts: readonly LoadedScript[];
  /** For each value that was asked about; undefined for what is no function of these sources. */
  readonly places: readonly (SourcePlace | undefined)[];
}

export interface LoadedScript {
  readonly scriptId: string;
  readonly url: string;
  /** As it runs: of TypeScript, without its types. */
  readonly source: string;
}

/**
 * What runs in this thread, function by function and block by block, as V8 counts it. Only modules that are loaded
 * after `start` are counted by blocks.
 */
export class PreciseCoverage {
  private readonly session = new Session();
  private readonly isOfInterest: (url: string) => boolean;

  static async start(isOfInterest: (url: string) => boolean): Promise<PreciseCoverage> {
    const coverage = new PreciseCoverage(isOfInterest);
    await coverage.session.post("Profiler.enable");
    await coverage.session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    return coverage;
  }

  private constructor(isOfInterest: (url: string) => boolean) {
    this.isOfInterest = isOfInterest;
    this.session.connect();
  }

  /** What ran since the last time, and counts from 0 again. */
  async take(): Promise<CountedScript[]> {
    const { result } = await this.session.post("Profiler.takePreciseCoverage");
    return result.filter(({ url }: Profiler.ScriptCoverage) => this.isOfInterest(url));
  }

  /** To be called last: it turns a debugger on, and code runs slower then. */
  async inspect(functions: readonly unknown[]): Promise<InspectedCode> {
    const urls = new Map<string, string>();
    this.session.on("Debugger.scriptParsed", ({ params }) => void urls.set(params.scriptId, params.url));
    await this.session.post("Debugger.enable");
    const scripts: LoadedScript[] = [];
    for (const [scriptId, url] of urls) {
      if (!this.isOfInterest(url)) continue;
      const { scriptSource } = await this.session.post("Debugger.getScriptSource", { scriptId });
      scripts.push({ scriptId, url, source: scriptSource });
    }
    const places: (SourcePlace | undefined)[] = [];
    for (const each of functions) {
      const place = typeof each === "function" ? await this.placeOf(each) : undefined;
      const url = place === undefined ? undefined : urls.get(place.scriptId);
      places.push(url === undefined || !this.isOfInterest(url) ? undefined : { ...place!, url });
    }
    return { scripts, places };
  }

  stop(): void {
    this.session.disconnect();
  }

  /** The inspector reaches what has a global name. */
  private async placeOf(
    value: unknown,
  ): Promise<(Omit<SourcePlace, "url"> & { readonly scriptId: string }) | undefined> {
    Reflect.set(globalThis, globalName, value);
    try {
      const { result } = await this.session.post("Runtime.evaluate", { expression: `globalThis.${globalName}` });
      const { internalProperties } = await this.session.post("Runtime.getProperties", {
        objectId: result.objectId!,
        ownProperties: true,
      });
      const found = internalProperties?.find(({ name }) => name === "[[FunctionLocation]]");
      const location = found?.value?.value as Debugger.Location | undefined;
      return location === undefined ? undefined : { ...location, columnNumber: location.columnNumber ?? 0 };
    } finally {
      Reflect.deleteProperty(globalThis, globalName);
    }
  }
}

const globalName = "stormlaneInspectedFunction";
