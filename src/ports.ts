/**
 * What a process may reach of the world, as types: `stormlane/ports`. Code that takes `Ports` runs over this machine
 * (`stormlane/real`) and in a simulation alike. `Body` is the one value, for it is what messages are made of.
 */

export { Body } from "./base/body.ts";
export type { JsonArray, JsonObject, JsonValue } from "./base/json.ts";

export type { CallLabel, Ports } from "./ports/ports.ts";
export type { ClockPort, SleepOptions } from "./ports/clock.ts";
export type { EntryKind, FileCall, FilesPort, FileStat, FolderEntry, WriteOptions } from "./ports/files.ts";
export type {
  HttpHandler,
  HttpHeaders,
  HttpPort,
  HttpRequest,
  HttpResponse,
  HttpServer,
  IncomingRequest,
  ListenOptions,
  OutgoingResponse,
} from "./ports/http.ts";
export type { LogPort } from "./ports/log.ts";
export type { RandomPort } from "./ports/random.ts";
export type {
  DiskErrorCode,
  NetworkErrorCode,
  PortError,
  PortErrorCode,
  Result,
  SpawnErrorCode,
} from "./ports/result.ts";
export type {
  ChildProcess,
  ExitStatus,
  OutputChunk,
  Signal,
  SpawnRequest,
  SubprocessPort,
} from "./ports/subprocess.ts";
