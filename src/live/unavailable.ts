/** Something that the config asks for cannot be had on this machine, or not with these numbers. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
  readonly what: string;
  readonly why: string;
  readonly fix: string;

  constructor({ what, why, fix }: { readonly what: string; readonly why: string; readonly fix: string }) {
    super(`${what}: ${why}`);
    this.what = what;
    this.why = why;
    this.fix = fix;
  }
}
