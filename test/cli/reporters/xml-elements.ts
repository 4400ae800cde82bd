/** An element of a small document, in order of its start. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#10": "\n", "#9": "\t" };

/**
 * The elements of an XML document without comments, sections or own entities.
 *
 * @throws Error when it is not well-formed
 */
export function elementsOf(document: string): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, "");
  for (const [whole, tag, text] of body.matchAll(/<([^<>]*)>|([^<>]+)|[^]/g)) {
    if (tag !== undefined) readTag(tag);
    else if (text !== undefined) addText(text);
    else throw new Error(`${JSON.stringify(whole)} is out of place`);
  }
  if (open.length > 0) throw new Error(`${open.at(-1)!.name} is not closed`);
  return elements;

  function readTag(tag: string): void {
    const [, closing, name, attributes, empty] = /^(\/?)([a-z]+)((?: [a-z]+="[^"]*")*)(\/?)$/s.exec(tag) ?? [];
    if (name === undefined) throw new Error(`<${tag}> is no tag`);
    if (closing === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      return;
    }
    const pairs = [...attributes!.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]);
    const element: XmlElement = { name, attributes: Object.fromEntries(pairs) as Record<string, string>, text: "" };
    elements.push(element);
    if (empty !== "/") open.push(element);
  }

  function addText(text: string): void {
    const element = open.at(-1);
    if (element !== undefined) element.text += plain(text);
    else if (text.trim() !== "") throw new Error("there is text outside of the document");
  }
}

function plain(text: string): string {
  return text.replaceAll(/&([^;&]*);?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined || !whole.endsWith(";")) throw new Error(`${whole} is no entity`);
    return character;
  });
}
