import { Step, type Footprint, type Incarnation, type World } from "../../src/index.ts";

/** One access takes this long, and may be held back for ever. */
const accessUs = 1;

/**
 * Words that threads share, one step of the kernel for each access: what comes between two accesses is the schedule's
 * choice alone. Words are integers, 0 at first. Sequentially consistent; weak memory is not modelled.
 */
export class SharedMemory {
  private readonly world: World;
  private readonly words = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
  }

  /** Adds a thread: a process of its own, that starts with the run. */
  thread(name: string, main: (thread: Thread) => Promise<void>): void {
    const { kernel } = this.world;
    const process = kernel.addProcess(name, (incarnation) => main(new Thread(this.world, this, incarnation)));
    this.world.later(`start ${name}`, 0, () => kernel.start(process));
  }

  get(word: string): number {
    return this.words.get(word) ?? 0;
  }

  set(word: string, value: number): void {
    this.words.set(word, value);
  }
}

/** What one thread can do. */
export class Thread {
  private readonly world: World;
  private readonly memory: SharedMemory;
  private readonly incarnation: Incarnation;

  constructor(world: World, memory: SharedMemory, incarnation: Incarnation) {
    this.world = world;
    this.memory = memory;
    this.incarnation = incarnation;
  }

  read(word: string): Promise<number> {
    return this.take("read", word, [{ id: word, rw: "r" }], () => this.memory.get(word));
  }

  write(word: string, value: number): Promise<void> {
    return this.take("write", word, [{ id: word, rw: "w" }], () => this.memory.set(word, value));
  }

  /** Sets the word when it is as expected, in one step. @returns whether it was */
  compareAndSet(word: string, expected: number, value: number): Promise<boolean> {
    return this.take("compareAndSet", word, [{ id: word, rw: "w" }], () => {
      if (this.memory.get(word) !== expected) return false;
      this.memory.set(word, value);
      return true;
    });
  }

  /** A critical section, in one step: sets `target` to what `value` makes of `source`. */
  derive(target: string, source: string, value: (source: number) => number): Promise<void> {
    const touches: readonly Footprint[] = [
      { id: source, rw: "r" },
      { id: target, rw: "w" },
    ];
    return this.take("derive", target, touches, () => this.memory.set(target, value(this.memory.get(source))));
  }

  /** Work of its own, in steps that touch nothing. */
  async work(steps: number): Promise<void> {
    for (let nth = 0; nth < steps; nth++) await this.take("work", "", [], () => undefined);
  }

  /** Says that something is done; each thing once, or it is wrong. */
  done(what: string): void {
    this.note("done", what, true);
  }

  /** What the program promises at this point. */
  assert(what: string, holds: boolean): void {
    this.note("assertion", what, holds);
  }

  private note(name: string, what: string, holds: boolean): void {
    this.world.portsOf(this.incarnation, "main").log.event(name, { what, holds });
  }

  private take<Value>(name: string, key: string, touches: readonly Footprint[], effect: () => Value): Promise<Value> {
    return new Promise((resolve) => {
      const access = new Access(this.world, this.incarnation, { name: `memory.${name}`, key, touches }, () => {
        const value = effect();
        return () => resolve(value);
      });
      this.world.kernel.schedule(access, accessUs, Number.MAX_SAFE_INTEGER);
    });
  }
}

interface AccessName {
  readonly name: string;
  readonly key: string;
  readonly touches: readonly Footprint[];
}

class Access extends Step {
  private readonly access: AccessName;
  private readonly world: World;
  private readonly incarnation: Incarnation;
  /** Takes effect, and gives what settles the thread's promise. */
  private readonly effect: () => () => void;

  constructor(world: World, incarnation: Incarnation, access: AccessName, effect: () => () => void) {
    super(world.kernel.begin(incarnation.task("main"), access.name, access.key));
    this.access = access;
    this.world = world;
    this.incarnation = incarnation;
    this.effect = effect;
  }

  override get touches(): readonly Footprint[] {
    return this.access.touches;
  }

  override fire(): void {
    const settle = this.effect();
    this.world.kernel.answer(this.operation, this.incarnation, "ok", "", { deliver: settle });
  }
}
