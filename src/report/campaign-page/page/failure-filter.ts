/** Shows the failures of one state, or with some text in them. */
export class FailureFilter {
  private readonly state = document.querySelector<HTMLSelectElement>("#filter-state")!;
  private readonly text = document.querySelector<HTMLInputElement>("#filter-text")!;
  private readonly count = document.querySelector("#filter-count")!;
  private readonly form = document.querySelector<HTMLFormElement>("#filter")!;

  constructor() {
    this.form.addEventListener("input", () => this.apply());
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** To be called again whenever the failures were drawn. */
  apply(): void {
    const failures = [...document.querySelectorAll<HTMLElement>(".failure")];
    const words = this.text.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const failure of failures) {
      const ofState = this.state.value === "" || failure.dataset["state"] === this.state.value;
      const text = failure.textContent.toLowerCase();
      failure.hidden = !(ofState && words.every((word) => text.includes(word)));
      if (!failure.hidden) shown++;
    }
    this.form.hidden = failures.length < 2;
    this.count.textContent = `${shown} of ${failures.length}`;
  }
}
