/**
 * The anchor of a heading, as GitHub makes it: the same link works there and on the site.
 * Two headings of one text on a page get numbers by whoever calls; none of our links names such a one.
 */
export function slugOfHeading(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\p{Mark}\s_-]/gu, "")
    .replaceAll(/\s/gu, "-");
}
