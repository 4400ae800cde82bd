import { ServedFakes, type ServedFakesOptions } from "../serving/served-fakes.ts";
import type { ServedService } from "../serving/served-service.ts";
import type { ScenarioFile } from "../serving/scenario-file.ts";
import { ServingClock } from "../serving/serving-clock.ts";

export interface InProcessOptions
  extends Pick<ScenarioFile, "board" | "model" | "faults">, Pick<ServedFakesOptions, "seed" | "clock" | "send"> {
  /** Where the board is, without a path. Default `http://kanboard.test`. */
  readonly boardOrigin?: string;
  /** Where model providers are. Default: where the real ones are, and `http://model.test`. */
  readonly modelOrigins?: readonly string[];
}

/** The fakes inside this process, at the origins that clients call them by. */
export class InProcessFakes {
  /** What can be done to them, and what they saw. */
  readonly served: ServedFakes;

  private readonly services: ReadonlyMap<string, ServedService>;

  /** @throws ScenarioMistake */
  constructor({ board, model, faults, boardOrigin, modelOrigins, ...options }: InProcessOptions = {}) {
    const origin = boardOrigin ?? defaultBoardOrigin;
    this.served = new ServedFakes({
      // Nothing waits unless the suite asks for it.
      clock: new ServingClock({ speed: 0 }),
      ...options,
      boardOrigin: origin,
      scenario: {
        ...(board === undefined ? {} : { board }),
        ...(model === undefined ? {} : { model }),
        ...(faults === undefined ? {} : { faults }),
      },
    });
    this.services = new Map([
      ...(modelOrigins ?? defaultModelOrigins).map((each) => [each, this.served.model] as const),
      [origin, this.served.board],
    ]);
  }

  get origins(): readonly string[] {
    return [...this.services.keys()];
  }

  /** @throws TypeError as `fetch` does when the connection breaks, and for an origin that is none of theirs */
  async fetch(request: Request): Promise<Response> {
    const { origin } = new URL(request.url);
    const service = this.services.get(origin);
    if (service !== undefined) return await service.fetch(request);
    const fix = `use one of ${this.origins.join(", ")}`;
    throw new TypeError(`stormlane: ${origin} is none of the fakes, and no request leaves through them; ${fix}`);
  }
}

const defaultBoardOrigin = "http://kanboard.test";

const defaultModelOrigins: readonly string[] = [
  "https://api.openai.com",
  "https://api.anthropic.com",
  "https://generativelanguage.googleapis.com",
  "https://openrouter.ai",
  "http://127.0.0.1:11434",
  "http://localhost:11434",
  "http://model.test",
];
