/** Dark or light: as the system has it, unless somebody chose at this desk. */
import { effect, signal } from "../vendor/view.js";

const KEY = "shopdesk:desk:theme";

/** "system", "light" or "dark". */
export const theme = signal("system");

/** Begin with what was chosen before, and follow both the choice and the system. */
export function dress(store) {
  theme.value = store.get(KEY) ?? "system";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = theme.peek();
    document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  dark.addEventListener("change", apply);
  effect(() => {
    store.set(KEY, theme.value);
    apply();
  });
}
