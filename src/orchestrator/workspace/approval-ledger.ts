import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import { parseApprovalFileName } from "../governance/approval.ts";
import { writeDurablyInFolder } from "./durable-write.ts";

/**
 * The records of approval of one workspace where nothing writes that works for a card: beside the claims and the records
 * of runs. They are the truth; those in the workspace are a copy for people. One file for each, by its name alone.
 */
export class ApprovalLedger {
  private readonly ports: Ports;
  private readonly folder: string;
  private readonly label: string;
  private readonly generation: number;

  /**
   * @param place.folder absolute; its parent exists
   * @param place.label the workspace's name, as it stands in calls
   * @param place.generation of the lease: no two writers share a temporary file
   */
  constructor(ports: Ports, place: { readonly folder: string; readonly label: string; readonly generation: number }) {
    this.ports = ports;
    this.folder = place.folder;
    this.label = `ledger:${place.label}`;
    this.generation = place.generation;
  }

  /** @returns file names of records, in code-unit order; undefined when none was ever kept */
  async list(): Promise<Answer<readonly string[] | undefined>> {
    const listing = await this.ports.files.list(this.folder, { key: this.label });
    if (listing.kind === "ok") {
      const names = listing.value.map(({ name }) => name).filter((name) => parseApprovalFileName(name) !== undefined);
      return { kind: "ok", value: names };
    }
    return listing.error.code === "ENOENT"
      ? { kind: "ok", value: undefined }
      : { kind: "fail", reason: listing.error.code };
  }

  /** @returns undefined when there is no such record */
  async read(name: string): Promise<Answer<string | undefined>> {
    const text = await this.ports.files.readText(`${this.folder}/${name}`, { key: `${this.label}/${name}` });
    if (text.kind === "ok") return { kind: "ok", value: text.value };
    return text.error.code === "ENOENT" ? { kind: "ok", value: undefined } : { kind: "fail", reason: text.error.code };
  }

  async add(name: string, content: string): Promise<Answer<void>> {
    const { files } = this.ports;
    const call = { key: `${this.label}/${parseApprovalFileName(name)!.path}` };
    const write = {
      path: `${this.folder}/${name}`,
      temporaryPath: `${this.folder}/new.g${this.generation}`,
      content,
      call,
    };
    let result = await writeDurablyInFolder(files, write);
    // Also a folder that was there already: who made it may have died before it was safe.
    if (result.kind === "ok") result = await files.sync(this.folder.slice(0, this.folder.lastIndexOf("/")), call);
    return result.kind === "ok" ? { kind: "ok", value: undefined } : { kind: result.kind, reason: result.error.code };
  }
}
