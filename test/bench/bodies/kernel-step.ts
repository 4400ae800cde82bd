import { timedBench } from "../../../src/bench/bench-module.ts";
import { Toy } from "../../kernel/toy.ts";

const processesMax = 10;

/** A step of the kernel with nothing around it: ten processes whose calls have one step each. */
export const kernelStep = timedBench({
  name: "kernel step",
  about: "one step of a world without services",
  operations: 2_000,
  setUp: (steps) => {
    const toy = new Toy({ stepsMax: 100_000 });
    const processes = Math.min(steps, processesMax);
    for (let index = 0; index < processes; index++) {
      toy.process(`p${index}`, async (ports) => {
        for (let call = index; call < steps; call += processes) await ports.tick(`key-${call}`);
      });
    }
    return toy;
  },
  body: (toy) => toy.run(),
  isDone: (_, toy, steps) => toy.log.length === steps,
});
