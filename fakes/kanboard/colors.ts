import { memberOf } from "../../src/base/json.ts";

/** The colours of cards, by their id. */
export type Color = { readonly name: string; readonly background: string; readonly border: string };

export const defaultColorId = "yellow";

export const colors: Readonly<Record<string, Color>> = {
  yellow: color("Yellow", "rgb(245, 247, 196)", "rgb(223, 227, 45)"),
  blue: color("Blue", "rgb(219, 235, 255)", "rgb(168, 207, 255)"),
  green: color("Green", "rgb(189, 244, 203)", "rgb(74, 227, 113)"),
  purple: color("Purple", "rgb(223, 176, 255)", "rgb(205, 133, 254)"),
  red: color("Red", "rgb(255, 187, 187)", "rgb(255, 151, 151)"),
  orange: color("Orange", "rgb(255, 215, 179)", "rgb(255, 172, 98)"),
  grey: color("Grey", "rgb(238, 238, 238)", "rgb(204, 204, 204)"),
  brown: color("Brown", "#d7ccc8", "#4e342e"),
  deep_orange: color("Deep Orange", "#ffab91", "#e64a19"),
  dark_grey: color("Dark Grey", "#cfd8dc", "#455a64"),
  pink: color("Pink", "#f48fb1", "#d81b60"),
  teal: color("Teal", "#80cbc4", "#00695c"),
  cyan: color("Cyan", "#b2ebf2", "#00bcd4"),
  lime: color("Lime", "#e6ee9c", "#afb42b"),
  light_green: color("Light Green", "#dcedc8", "#689f38"),
  amber: color("Amber", "#ffe082", "#ffa000"),
};

/** Unknown ids show as the default. */
export function colorOf(id: string | null): Color {
  return (id === null ? undefined : memberOf(colors, id)) ?? colors[defaultColorId]!;
}

/** By id or name, in any case; empty when there is none. */
export function findColorId(text: string): string {
  const wanted = text.toLowerCase();
  return Object.keys(colors).find((id) => id === wanted || colors[id]!.name.toLowerCase() === wanted) ?? "";
}

function color(name: string, background: string, border: string): Color {
  return { name, background, border };
}
