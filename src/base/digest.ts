import { hash as hashOf } from "node:crypto";

/** 32-bit FNV-1a over UTF-16 code units, finished with an avalanche. For draws and look-ups, not for security. */
export function hash32(text: string, seed = offsetBasis): number {
  let hash = seed | 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  }
  return avalanche(hash);
}

/** Of FNV-1a. */
const offsetBasis = 0x811c9dc5 | 0;
const prime = 0x01000193;
/** Of the second hash of `digest64`. */
const otherBasis = 0x1b873593;

/** Mixes two 32-bit values into one. Not commutative. */
export function mix32(left: number, right: number): number {
  return avalanche(Math.imul(left ^ 0x9e3779b9, 0x85ebca6b) ^ right);
}

/** The finaliser of MurmurHash3: every input bit moves every output bit. Unsigned. */
function avalanche(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 16 hexadecimal digits from two independent 32-bit hashes, in one pass: names content inside one history. */
export function digest64(text: string): string {
  let left = offsetBasis;
  let right = otherBasis;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    left = Math.imul(left ^ unit, prime);
    right = Math.imul(right ^ unit, prime);
  }
  return hex32(avalanche(left)) + hex32(avalanche(right));
}

export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** SHA-256 in lower-case hexadecimal: what leaves the process (ratchet records, history hashes). */
export function sha256(content: string | Uint8Array): string {
  return hashOf("sha256", content, "hex");
}
