import { timedBench } from "../../../src/bench/bench-module.ts";
import { Toy } from "../../kernel/toy.ts";

const processes = 10;
const callsEach = 200;

/** A step of the kernel with nothing around it: ten processes whose calls have one step each. */
export const kernelStep = timedBench({
  name: "kernel step",
  about: "one step of a world without services",
  operations: processes * callsEach,
  setUp: () => {
    const toy = new Toy({ stepsMax: 100_000 });
    for (let index = 0; index < processes; index++) {
      toy.process(`p${index}`, async (ports) => {
        for (let call = 0; call < callsEach; call++) await ports.tick(`key-${call}`);
      });
    }
    return toy;
  },
  body: (toy) => toy.run(),
  isDone: (_, toy) => toy.log.length === processes * callsEach,
});
