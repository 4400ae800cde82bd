import { controlApp } from "./control.ts";
import { defaultListenerLimits, HttpListener, type ListenerLimits } from "./http-listener.ts";
import { ServedFakes, type ServedFakesOptions } from "./served-fakes.ts";
import { serviceApp } from "./socket-client.ts";

export interface ServingOptions extends Omit<ServedFakesOptions, "boardOrigin"> {
  readonly ports: ServingPorts;
  readonly limits?: Partial<ListenerLimits>;
}

/** 0 = any free port. */
export interface ServingPorts {
  readonly board: number;
  readonly model: number;
  readonly control: number;
}

export interface Serving {
  readonly fakes: ServedFakes;
  /** Where each one listens. */
  readonly ports: ServingPorts;
  /** Stops listening, cuts what is open, and writes the journal to its end. */
  close(): Promise<void>;
}

/** A port that cannot be had. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";
  readonly service: keyof ServingPorts;
  readonly port: number;
  /** As EADDRINUSE. */
  readonly code: string;

  constructor(service: keyof ServingPorts, port: number, code: string) {
    super(`port ${port} of ${service} cannot be had (${code})`);
    this.service = service;
    this.port = port;
    this.code = code;
  }
}

/**
 * Serves the fakes on 127.0.0.1.
 *
 * @throws PortTaken, ScenarioMistake, or what `journalFile` throws; nothing listens then
 */
export async function startServing({ ports, limits: given, ...options }: ServingOptions): Promise<Serving> {
  const limits = { ...defaultListenerLimits, ...given };
  const listeners: HttpListener[] = [];
  const open = async (service: keyof ServingPorts): Promise<HttpListener> => {
    try {
      const listener = await HttpListener.open(ports[service], limits);
      listeners.push(listener);
      return listener;
    } catch (error) {
      throw new PortTaken(service, ports[service], (error as NodeJS.ErrnoException).code ?? "unknown");
    }
  };
  const close = async (): Promise<void> => void (await Promise.all(listeners.map((listener) => listener.close())));
  try {
    const board = await open("board");
    const model = await open("model");
    const control = await open("control");
    const fakes = new ServedFakes({ ...options, boardOrigin: `http://127.0.0.1:${board.port}` });
    board.serve(serviceApp(fakes.board, limits));
    model.serve(serviceApp(fakes.model, limits));
    control.serve(controlApp(fakes, limits.bodyBytesMax));
    return {
      fakes,
      ports: { board: board.port, model: model.port, control: control.port },
      close: async () => {
        await close();
        fakes.close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
