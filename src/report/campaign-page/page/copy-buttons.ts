/** Buttons with `data-copy` put that text on the clipboard, also those that are drawn later. */
export function copyOnClick(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-copy]") : null;
    if (button !== null) void copy(button);
  });
}

async function copy(button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset["copy"]!);
    button.textContent = "Copied";
  } catch {
    // Not allowed, or there is none: then at least it is selected.
    getSelection()?.selectAllChildren(button.previousElementSibling!);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), shownMs);
}

const shownMs = 1_500;
