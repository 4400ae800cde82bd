// A program that starts others with execa: nothing in it knows of a test.
import { execa } from "execa";

const { stdout, exitCode } = await execa("git", ["init", "-b", "main"]);
print(`${stdout} ${exitCode}`);
const failed = await execa({ reject: false })`git log`;
print(`${failed.exitCode} ${failed.failed}`);
try {
  const absent = "nothere";
  await execa(absent);
} catch (error) {
  print(String((error as { code?: unknown }).code));
}
for await (const line of execa("git", ["rev-parse", "--is-inside-work-tree"])) print(`line ${line}`);

function print(text: string): void {
  // oxlint-disable-next-line no-console -- what programs do
  console.log(text);
}
