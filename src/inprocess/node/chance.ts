import crypto from "node:crypto";
import { outsideSimulatedCode } from "../../kernel/guards.ts";
import type { UserProcess } from "./user-process.ts";

/** Chance of one process: every number is a draw of the task that asks, named by what it asked. */
export class Chance {
  private readonly process: UserProcess;

  constructor(process: UserProcess) {
    this.process = process;
  }

  readonly random = (): number => {
    const high = this.int("Math.random", 2 ** 32);
    return (high * 2 ** 21 + this.int("Math.random", 2 ** 21)) / 2 ** 53;
  };

  readonly randomUUID = (): string => {
    const bytes = this.fill("crypto.randomUUID", new Uint8Array(16));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  readonly getRandomValues = <View extends NodeJS.TypedArray>(view: View): View => {
    this.fill("crypto.getRandomValues", new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return view;
  };

  /** `Math` with its own `random`. */
  math(): Math {
    return Object.create(Math, { random: { value: this.random, writable: true, configurable: true } }) as Math;
  }

  /** The global `crypto`. */
  webCrypto(): object {
    const { randomUUID, getRandomValues, process } = this;
    return {
      randomUUID,
      getRandomValues,
      get subtle(): never {
        return process.refuse("crypto.subtle", "createHash or createHmac of node:crypto");
      },
    };
  }

  /** `node:crypto`: digests and ciphers are functions, chance is drawn. */
  module(): object {
    const { process, randomUUID, getRandomValues } = this;
    const webcrypto = this.webCrypto();
    const own: Record<string, unknown> = { ...realFunctions };
    for (const name of Object.keys(own)) {
      if (
        /^(?:generateKey|generatePrime|pbkdf2$|scrypt$|hkdf$|checkPrime$|createDiffieHellman|createECDH)/.test(name)
      ) {
        own[name] = () => process.refuse(`crypto.${name}`, "a key of the configuration, or the Sync function");
      }
    }
    return Object.assign(own, { randomUUID, getRandomValues, webcrypto }, this.moduleFunctions());
  }

  private moduleFunctions(): object {
    const bytes = (count: number): Buffer => this.fill("crypto.randomBytes", Buffer.alloc(count));
    const later = <Value>(value: Value, callback: unknown): Value | undefined => {
      if (typeof callback !== "function") return value;
      process.nextTick(() => this.process.runCallback(() => callback(null, value) as unknown));
      return undefined;
    };
    return {
      randomBytes: (count: number, callback?: unknown) => later(bytes(count), callback),
      pseudoRandomBytes: (count: number, callback?: unknown) => later(bytes(count), callback),
      randomFillSync: (view: NodeJS.TypedArray) => this.getRandomValues(view),
      randomFill: (view: NodeJS.TypedArray, callback: unknown) => later(this.getRandomValues(view), callback),
      randomInt: (...args: unknown[]) => {
        const [min, max] = typeof args[1] === "number" ? [Number(args[0]), args[1]] : [0, Number(args[0])];
        return later(min + Math.floor(this.random() * (max - min)), args.at(-1));
      },
    };
  }

  private int(purpose: string, bound: number): number {
    return this.process.task.ports.random.int(purpose, bound);
  }

  private fill<Bytes extends Uint8Array>(purpose: string, bytes: Bytes): Bytes {
    for (let at = 0; at < bytes.length; at += 4) {
      const bits = this.int(purpose, 2 ** 32);
      for (let index = at; index < Math.min(at + 4, bytes.length); index++) {
        bytes[index] = bits >>> (8 * (index - at));
      }
    }
    return bytes;
  }
}

/** Without its getters, which hand out chance and promises that settle elsewhere. */
const realFunctions: Readonly<Record<string, unknown>> = outsideSimulatedCode(() =>
  Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(crypto))
      .filter(([, descriptor]) => "value" in descriptor)
      .map(([name, { value }]) => [name, value as unknown]),
  ),
);
