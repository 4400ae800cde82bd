/** The page follows the system until somebody chooses. */
export function offerThemes(): void {
  const button = document.querySelector<HTMLButtonElement>("#theme")!;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = (): boolean => (chosen() ?? (system.matches ? "dark" : "light")) === "dark";
  const draw = (): void => {
    const theme = chosen();
    if (theme === undefined) delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    button.setAttribute("aria-pressed", String(isDark()));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    choose(isDark() ? "light" : "dark");
    draw();
  });
  system.addEventListener("change", draw);
  draw();
}

const key = "stormlane-theme";

/** A page from a file may have no storage: then a choice holds until it is closed. */
function chosen(): "light" | "dark" | undefined {
  let kept: string | null | undefined;
  try {
    kept = localStorage.getItem(key);
  } catch {
    kept = document.documentElement.dataset["theme"];
  }
  return kept === "light" || kept === "dark" ? kept : undefined;
}

function choose(theme: "light" | "dark"): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // It stands in the element.
  }
}
