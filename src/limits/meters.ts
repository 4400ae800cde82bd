import type { BoardChange, DiskChange, ModelChange, ProgramChange } from "../history/changes.ts";
import type { ChangeEvent, HistoryEvent, NoteEvent, OpIdentity } from "../history/event.ts";
import type { HistoryReader } from "../history/history.ts";

/** How much of something each one had: a card, a run, a look over the board. In the order in which they came up. */
export type Tally = ReadonlyMap<string, number>;

/**
 * What one run of a world took, read from its history alone. Cards go by their reference, or their title where they have
 * none; runs by `card lane attempt`; looks by `process@life tick`. What a system does not say of itself is not counted:
 * runs are known by `run.started` notes, steps by `agent.started` and `agent.finished`, looks by tasks that are named
 * `tick N`.
 */
export interface Meters {
  /** Requests to the board of anybody but people, repeated ones too. */
  readonly boardCalls: number;
  readonly boardCallsByCard: Tally;
  readonly boardCallsByRun: Tally;
  /** Of one look over the board, with the runs that it began. */
  readonly boardCallsByTick: Tally;
  /** Requests to providers of models, those included that they refused. */
  readonly modelCalls: number;
  readonly modelCallsByCard: Tally;
  /** What models read and wrote, as their providers count it. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly tokensByCard: ReadonlyMap<string, TokensUsed>;
  /** The largest one. */
  readonly promptTokensMax: number;
  /** Written by the system. */
  readonly comments: number;
  readonly commentsByCard: Tally;
  /** Characters of the longest one. */
  readonly commentCharsMax: number;
  readonly programsStarted: number;
  readonly programsByName: Tally;
  /** Programs that ran at one time. */
  readonly programsAtOnceMax: number;
  readonly filesWritten: number;
  /** That are there at the end. */
  readonly filesKept: number;
  readonly fileBytesKept: number;
  readonly traceFilesWritten: number;
  readonly traceBytesWritten: number;
  readonly traceBytesByRun: Tally;
  /** At the end. */
  readonly traceFilesKept: number;
  readonly traceBytesKept: number;
  readonly runs: number;
  /** Attempts after the first one of each cause. */
  readonly retries: number;
  readonly retriesByCard: Tally;
  /** Cards that the system has made for an epic, removed ones too. */
  readonly childrenByEpic: Tally;
  /** The longest step of each agent. */
  readonly stepMsByAgent: Tally;
  readonly stepMsMax: number;
  /** The longest from when a card came to be where it is until the system began with it. */
  readonly waitMsByCard: Tally;
  readonly cardsCreated: number;
  /** A card that people made is the first; one that was made in a run for it, or bears its reference, the second. */
  readonly cardGenerationsMax: number;
  /** Events of the board that waited to be taken at one time. */
  readonly webhooksAtOnceMax: number;
  /** Restarts after a death. */
  readonly restarts: number;
  readonly limitsReached: readonly LimitReached[];
  /** Entries of the logs of processes. */
  readonly logEvents: number;
  /** External operations. */
  readonly ops: number;
  readonly events: number;
  readonly virtualMs: number;
}

export interface TokensUsed {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What a system said of a limit of its own, in a note `limit.reached {limit, card, value}`. */
export interface LimitReached {
  readonly limit: string;
  readonly card: string;
  readonly value: number;
}

export interface MeterOptions {
  /** Processes that stand for people. */
  readonly people?: readonly string[];
  /** Called each time that one of the tallies has risen for somebody. */
  readonly onReading?: (reading: MeterReading) => void;
}

/** One entry of a tally, as it has just become. */
export type MeterReading =
  | { readonly meter: CountedMeter; readonly key: string; readonly value: number }
  | { readonly meter: "tokensByCard"; readonly key: string; readonly value: TokensUsed };

type CountedMeter =
  | "boardCallsByCard"
  | "boardCallsByRun"
  | "boardCallsByTick"
  | "modelCallsByCard"
  | "commentsByCard"
  | "programsByName"
  | "traceBytesByRun"
  | "retriesByCard"
  | "childrenByEpic";

/** @param events of one run, from its beginning */
export function measureHistory(events: Iterable<HistoryEvent>, options: MeterOptions = {}): Meters {
  const meter = new Meter(options);
  for (const event of events) meter.observe(event);
  return meter.read();
}

/** The one with the most, the first of equals; undefined where there is none. */
export function largestOf(tally: Tally): { readonly key: string; readonly value: number } | undefined {
  let largest: { readonly key: string; readonly value: number } | undefined;
  for (const [key, value] of tally) if (largest === undefined || value > largest.value) largest = { key, value };
  return largest;
}

const defaultPeople: readonly string[] = ["people", "operator"];

/** Measures a run as it goes on: a reader for its history. */
export class Meter implements HistoryReader {
  private readonly people: ReadonlySet<string>;
  private readonly onReading: MeterOptions["onReading"];
  private readonly cards = new CardNames();
  private readonly files = new FileSizes();
  /** By task and process: the run that the task has begun last. */
  private readonly runOfTask = new Map<string, { readonly run: string; readonly card: string }>();
  private readonly tickOfProcess = new Map<string, string>();
  private readonly stepStarts = new Map<string, number>();
  private readonly attempts = new Map<string, number>();
  private readonly boardCallsByCard = this.count("boardCallsByCard");
  private readonly boardCallsByRun = this.count("boardCallsByRun");
  private readonly boardCallsByTick = this.count("boardCallsByTick");
  private readonly modelCallsByCard = this.count("modelCallsByCard");
  private readonly tokensByCard = new Map<string, TokensUsed>();
  private readonly commentsByCard = this.count("commentsByCard");
  private readonly programsByName = this.count("programsByName");
  private readonly traceBytesByRun = this.count("traceBytesByRun");
  private readonly retriesByCard = this.count("retriesByCard");
  private readonly childrenByEpic = this.count("childrenByEpic");
  private readonly stepMsByAgent = new Map<string, number>();
  private readonly limitsReached: LimitReached[] = [];
  /** Since when a card is where it is, by the board's number. */
  private readonly waitingSinceUs = new Map<number, number>();
  private readonly waitMsByCard = new Map<string, number>();
  private readonly generations = new Map<string, number>();
  private cardGenerationsMax = 0;
  private webhooksNow = 0;
  private webhooksAtOnceMax = 0;
  private promptTokensMax = 0;
  private commentCharsMax = 0;
  private programsNow = 0;
  private programsAtOnceMax = 0;
  private filesWritten = 0;
  private traceFilesWritten = 0;
  private traceBytesWritten = 0;
  private runs = 0;
  private cardsCreated = 0;
  private restarts = 0;
  private logEvents = 0;
  private ops = 0;
  private events = 0;
  private atUs = 0;

  constructor({ people = defaultPeople, onReading }: MeterOptions = {}) {
    this.people = new Set(people);
    this.onReading = onReading;
  }

  observe(event: HistoryEvent): void {
    this.events++;
    this.atUs = event.atUs;
    switch (event.kind) {
      case "sent":
        this.observeSent(event.op);
        return;
      case "answered":
        if (isWebhook(event.op)) this.webhooksNow--;
        return;
      case "change":
        this.observeChange(event);
        return;
      case "note":
        this.logEvents++;
        if (!this.people.has(event.process)) this.observeNote(event);
        return;
      case "process":
        if (event.what === "start" && event.incarnation > 0) this.restarts++;
        return;
      default:
    }
  }

  /** What there was up to now. */
  read(): Meters {
    const tokens = [...this.tokensByCard.values()];
    const kept = this.files.kept();
    return {
      boardCalls: this.boardCallsByCard.total,
      boardCallsByCard: this.boardCallsByCard.named(),
      boardCallsByRun: this.boardCallsByRun.named(),
      boardCallsByTick: this.boardCallsByTick.named(),
      modelCalls: this.modelCallsByCard.total,
      modelCallsByCard: this.modelCallsByCard.named(),
      promptTokens: tokens.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
      completionTokens: tokens.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
      tokensByCard: new Map(this.tokensByCard),
      promptTokensMax: this.promptTokensMax,
      comments: this.commentsByCard.total,
      commentsByCard: this.commentsByCard.named(),
      commentCharsMax: this.commentCharsMax,
      programsStarted: this.programsByName.total,
      programsByName: this.programsByName.named(),
      programsAtOnceMax: this.programsAtOnceMax,
      filesWritten: this.filesWritten,
      ...kept,
      traceFilesWritten: this.traceFilesWritten,
      traceBytesWritten: this.traceBytesWritten,
      traceBytesByRun: this.traceBytesByRun.named(),
      runs: this.runs,
      retries: this.retriesByCard.total,
      retriesByCard: this.retriesByCard.named(),
      childrenByEpic: this.childrenByEpic.named(),
      stepMsByAgent: new Map(this.stepMsByAgent),
      stepMsMax: Math.max(0, ...this.stepMsByAgent.values()),
      waitMsByCard: new Map(this.waitMsByCard),
      cardsCreated: this.cardsCreated,
      cardGenerationsMax: this.cardGenerationsMax,
      webhooksAtOnceMax: this.webhooksAtOnceMax,
      restarts: this.restarts,
      limitsReached: [...this.limitsReached],
      logEvents: this.logEvents,
      ops: this.ops,
      events: this.events,
      virtualMs: this.atUs / 1_000,
    };
  }

  private count(meter: CountedMeter): Count {
    return new Count((key, value) => this.onReading?.({ meter, key, value }));
  }

  private observeSent(op: OpIdentity): void {
    this.ops++;
    if (isWebhook(op)) this.webhooksAtOnceMax = Math.max(this.webhooksAtOnceMax, ++this.webhooksNow);
    if (this.isOutside(op.process)) return;
    const tick = tickOf(op.taskName);
    if (tick !== undefined) this.tickOfProcess.set(op.process, `${op.process}@${op.incarnation} ${tick}`);
    const target = targetOf(op);
    if (target === "board") {
      this.boardCallsByCard.add(this.cardOf(op));
      this.boardCallsByRun.add(this.runOf(op)?.run ?? "");
      this.boardCallsByTick.add(this.tickOfProcess.get(op.process) ?? "");
    } else if (target === "model") {
      this.modelCallsByCard.add(this.cardOf(op));
    }
  }

  private observeChange({ op, change }: ChangeEvent): void {
    switch (change.store) {
      case "board":
        this.observeBoard(op, change as BoardChange);
        return;
      case "disk":
        this.observeDisk(op, change as DiskChange);
        return;
      case "model":
        if (change.type === "completion") this.observeCompletion(op, change as ModelChange);
        return;
      case "program":
        if (change.type === "program.ended") this.programsNow--;
        else if (change.type === "program.started") {
          this.programsByName.add((change as ProgramChange).name);
          this.programsAtOnceMax = Math.max(this.programsAtOnceMax, ++this.programsNow);
        }
        return;
      default:
    }
  }

  private observeBoard(op: OpIdentity | undefined, change: BoardChange): void {
    this.cards.observe(change);
    if (change.type === "card.created") this.noteGeneration(op, change);
    if (change.type === "card.created" || change.type === "card.moved") this.waitingSinceUs.set(change.card, this.atUs);
    if (op === undefined || this.isOutside(senderOf(op))) return;
    if (isAboutOneCard(op)) this.cards.learn(change.card, op.key);
    // A system that tells of its runs begins with a card when it says so.
    if (this.runs === 0 && change.type !== "card.created") this.endWait(change.card);
    if (change.type === "comment.created") {
      this.commentsByCard.add(this.cards.nameOf(change.card));
      this.commentCharsMax = Math.max(this.commentCharsMax, change.text.length);
    }
    if (change.type !== "card.created") return;
    this.cardsCreated++;
    const run = this.runOf(op);
    const epic = run?.card ?? epicOf(change.reference);
    if (epic !== undefined) this.childrenByEpic.add(epic);
  }

  private noteGeneration(
    op: OpIdentity | undefined,
    { card, reference, copyOf }: BoardChange & { type: "card.created" },
  ): void {
    const parents = [
      op === undefined ? undefined : this.runOf(op)?.card,
      copyOf === undefined ? undefined : this.cards.nameOf(copyOf),
      reference.includes("/") ? reference.slice(0, reference.lastIndexOf("/")) : undefined,
    ];
    const known = parents.flatMap((parent) => (parent === undefined ? [] : [this.generations.get(parent) ?? 1]));
    const generation = 1 + Math.max(0, ...known);
    this.generations.set(this.cards.nameOf(card), generation);
    this.cardGenerationsMax = Math.max(this.cardGenerationsMax, generation);
  }

  private endWait(card: number): void {
    const sinceUs = this.waitingSinceUs.get(card);
    if (sinceUs === undefined) return;
    this.waitingSinceUs.delete(card);
    const name = this.cards.nameOf(card);
    const waitMs = (this.atUs - sinceUs) / 1_000;
    this.waitMsByCard.set(name, Math.max(this.waitMsByCard.get(name) ?? 0, waitMs));
  }

  private observeDisk(op: OpIdentity | undefined, change: DiskChange): void {
    const placed = this.files.observe(change);
    if (change.type === "file.written" && !outsideWriters.has(change.by)) this.filesWritten++;
    if (placed === undefined || !isTrace(placed.path) || outsideWriters.has(change.by)) return;
    this.traceFilesWritten++;
    this.traceBytesWritten += placed.sizeBytes;
    this.traceBytesByRun.add(op === undefined ? "" : (this.runOf(op)?.run ?? ""), placed.sizeBytes);
  }

  private observeCompletion(op: OpIdentity | undefined, { promptTokens, completionTokens }: ModelChange): void {
    this.promptTokensMax = Math.max(this.promptTokensMax, promptTokens);
    const card = op === undefined ? "" : this.cardOf(op);
    const before = this.tokensByCard.get(card) ?? { promptTokens: 0, completionTokens: 0 };
    const used = {
      promptTokens: before.promptTokens + promptTokens,
      completionTokens: before.completionTokens + completionTokens,
    };
    this.tokensByCard.set(card, used);
    if (card !== "") this.onReading?.({ meter: "tokensByCard", key: card, value: used });
  }

  private observeNote(note: NoteEvent): void {
    const task = `${note.process}@${note.incarnation} ${note.task}`;
    const text = (name: string): string => (typeof note.fields[name] === "string" ? note.fields[name] : "");
    switch (note.name) {
      case "run.started": {
        const card = text("card");
        const cause = text("cause");
        const attempt = (this.attempts.get(cause) ?? 0) + 1;
        this.attempts.set(cause, attempt);
        this.runs++;
        if (attempt > 1) this.retriesByCard.add(card);
        else this.endWait(Number(note.fields["cardId"] ?? 0));
        this.runOfTask.set(task, { run: `${card} lane ${Number(note.fields["lane"] ?? 0)} attempt ${attempt}`, card });
        return;
      }
      case "agent.started":
        this.stepStarts.set(`${task} ${text("agent")}`, note.atUs);
        return;
      case "agent.finished": {
        const startUs = this.stepStarts.get(`${task} ${text("agent")}`) ?? note.atUs;
        const longest = this.stepMsByAgent.get(text("agent")) ?? 0;
        this.stepMsByAgent.set(text("agent"), Math.max(longest, (note.atUs - startUs) / 1_000));
        return;
      }
      case "limit.reached":
        this.limitsReached.push({ limit: text("limit"), card: text("card"), value: Number(note.fields["value"] ?? 0) });
        return;
      default:
    }
  }

  private runOf(op: OpIdentity): { readonly run: string; readonly card: string } | undefined {
    const root = op.taskName.split("/lease")[0]!;
    return this.runOfTask.get(`${op.process}@${op.incarnation} ${root}`);
  }

  /** Of the run that sent it, or the one that its key names. Empty when it was about no card. */
  private cardOf(op: OpIdentity): string {
    return this.runOf(op)?.card ?? (this.cards.isName(op.key) || isAboutOneCard(op) ? op.key : "");
  }

  private isOutside(process: string): boolean {
    return outsideSenders.has(process) || this.people.has(process) || process.startsWith("program:");
  }
}

/** What the network, the world and the services send themselves is nobody's call. */
const outsideSenders: ReadonlySet<string> = new Set(["", "network", "world", "board", "model"]);
/** Setting up, a fault, the host's own crash. */
const outsideWriters: ReadonlySet<string> = new Set(["", "fault", "crash"]);

/** Who sent it first, when the network delivered it again. */
function senderOf(op: OpIdentity): string {
  return op.process === "network" ? (/^(.*?)@\d+\//.exec(op.key)?.[1] ?? "") : op.process;
}

/** By its name, or, for a request that nobody has named, by the interface that its URL belongs to. */
function targetOf({ name, key }: OpIdentity): "board" | "model" | undefined {
  if (name.startsWith("board.")) return "board";
  if (name.startsWith("model.")) return "model";
  if (!name.startsWith("http.")) return undefined;
  if (key.endsWith("/jsonrpc.php")) return "board";
  return /\/(?:chat\/completions|messages|responses|api\/(?:chat|generate))$|:(?:stream)?[gG]enerateContent/.test(key)
    ? "model"
    : undefined;
}

function isWebhook({ process, name }: OpIdentity): boolean {
  return process === "board" && name.startsWith("webhook.");
}

/** By the method of the board, as `board.createComment`, or a question to a model that somebody has named. */
function isAboutOneCard({ process, name, key }: OpIdentity): boolean {
  // What the network delivers again has the site of the first delivery as its key.
  if (process === "network") return false;
  if (name.startsWith("model.")) return !key.includes("://");
  return /^board\.\w*(?:Task|Comment|Subtask)/.test(name) && !listsOfCards.test(name);
}

const listsOfCards = /^board\.(?:getAllTasks|searchTasks|getOverdueTasks)/;

function tickOf(taskName: string): string | undefined {
  return /^tick \d+/.exec(taskName)?.[0];
}

function epicOf(reference: string): string | undefined {
  const slash = reference.indexOf("/");
  return slash <= 0 ? undefined : reference.slice(0, slash);
}

function isTrace(path: string): boolean {
  return path.includes("/traces/");
}

class Count {
  total = 0;
  private readonly byKey = new Map<string, number>();
  private readonly onRise: (key: string, value: number) => void;

  constructor(onRise: (key: string, value: number) => void) {
    this.onRise = onRise;
  }

  add(key: string, amount = 1): void {
    this.total += amount;
    const value = (this.byKey.get(key) ?? 0) + amount;
    this.byKey.set(key, value);
    if (key !== "") this.onRise(key, value);
  }

  /** Without what belonged to nobody. */
  named(): Tally {
    return new Map([...this.byKey].filter(([key]) => key !== ""));
  }
}

/** Cards by the board's number. */
class CardNames {
  private readonly names = new Map<number, string>();
  private readonly known = new Set<string>();

  observe(change: BoardChange): void {
    if (change.type !== "card.created" && change.type !== "card.updated") return;
    const name = change.reference === "" ? change.title : change.reference;
    this.names.set(change.card, name);
    this.known.add(name);
  }

  /** The name that a call goes by which changed a card that was there before the run. */
  learn(card: number, name: string): void {
    if (this.names.has(card)) return;
    this.names.set(card, name);
    this.known.add(name);
  }

  nameOf(card: number): string {
    return this.names.get(card) ?? `card ${card}`;
  }

  isName(name: string): boolean {
    return this.known.has(name);
  }
}

/** Sizes of all files that were written in the run and are still there. */
class FileSizes {
  private readonly sizes = new Map<string, number>();

  /** @returns the file that stands in its place now: written there, or renamed */
  observe(change: DiskChange): { readonly path: string; readonly sizeBytes: number } | undefined {
    switch (change.type) {
      case "file.written":
        this.sizes.set(change.path, change.sizeBytes);
        return change;
      case "file.removed":
        for (const path of this.below(change.path)) this.sizes.delete(path);
        return undefined;
      case "file.renamed": {
        for (const path of this.below(change.from)) {
          const sizeBytes = this.sizes.get(path)!;
          this.sizes.delete(path);
          this.sizes.set(change.to + path.slice(change.from.length), sizeBytes);
        }
        const sizeBytes = this.sizes.get(change.to);
        return sizeBytes === undefined ? undefined : { path: change.to, sizeBytes };
      }
      case "link.made":
        this.sizes.delete(change.path);
        return undefined;
    }
  }

  kept(): Pick<Meters, "filesKept" | "fileBytesKept" | "traceFilesKept" | "traceBytesKept"> {
    let fileBytesKept = 0;
    let traceFilesKept = 0;
    let traceBytesKept = 0;
    for (const [path, sizeBytes] of this.sizes) {
      fileBytesKept += sizeBytes;
      if (!isTrace(path)) continue;
      traceFilesKept++;
      traceBytesKept += sizeBytes;
    }
    return { filesKept: this.sizes.size, fileBytesKept, traceFilesKept, traceBytesKept };
  }

  /** The file itself, or what lies in the folder. */
  private below(path: string): readonly string[] {
    if (this.sizes.has(path)) return [path];
    return [...this.sizes.keys()].filter((each) => each.startsWith(`${path}/`));
  }
}
