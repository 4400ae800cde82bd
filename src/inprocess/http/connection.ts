import { Duplex } from "node:stream";

/** What stands where requests and answers expect their socket. Nothing flows through it. */
export function connection(): never {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const stub = { remoteAddress: "127.0.0.1", remotePort: 40_000, remoteFamily: "IPv4", encrypted: false };
  const itself = () => socket;
  return Object.assign(socket, stub, { setTimeout: itself, setKeepAlive: itself, setNoDelay: itself }) as never;
}
