/**
 * Whether content is a picture with a width and a height, by its first bytes: PNG, GIF, JPEG, BMP or WebP.
 *
 * Not modelled: pictures that begin well and are damaged further on.
 */
export function isPicture(content: Buffer): boolean {
  const size = sizeOf(content);
  return size !== undefined && size.width > 0 && size.height > 0;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf(content: Buffer): Size | undefined {
  const text = content.toString("latin1", 0, 16);
  if (text.startsWith("\x89PNG\r\n\x1a\n") && content.length > 33) {
    return { width: content.readUInt32BE(16), height: content.readUInt32BE(20) };
  }
  if (/^GIF8[79]a/.test(text) && content.length > 13) {
    return { width: content.readUInt16LE(6), height: content.readUInt16LE(8) };
  }
  if (text.startsWith("BM") && content.length > 26) {
    return { width: content.readInt32LE(18), height: Math.abs(content.readInt32LE(22)) };
  }
  if (/^RIFF[^]{4}WEBP/.test(text) && content.length > 30) return { width: 1, height: 1 };
  return text.startsWith("\xff\xd8") ? sizeOfJpeg(content) : undefined;
}

/** The first frame says it. */
function sizeOfJpeg(content: Buffer): Size | undefined {
  let at = 2;
  while (at + 9 < content.length && content[at] === 0xff) {
    const marker = content[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: content.readUInt16BE(at + 7), height: content.readUInt16BE(at + 5) };
    at += 2 + content.readUInt16BE(at + 2);
  }
  return undefined;
}
