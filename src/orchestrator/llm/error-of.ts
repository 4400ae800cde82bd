import type { ModelError } from "./model-port.ts";

/** What a provider's status and words mean; the words count where one status stands for several things. */
export function errorOf(status: number, words: string): ModelError {
  if (isOverflow(words)) return "overflow";
  if (/content[_ ](?:filter|policy)|policy[_ ]violation|\bsafety\b|prohibited/i.test(words)) return "filtered";
  if (/insufficient[_ ]quota|billing|credit balance/i.test(words)) return "auth";
  switch (status) {
    case 401:
    case 402:
    case 403:
      return "auth";
    case 429:
      return "rate-limited";
    case 408:
    case 409:
    case 425:
      return "transient";
    default:
      return status >= 400 && status < 500 ? "refused" : "transient";
  }
}

/** The same for a tool that tells of no status. */
export function errorOfWords(words: string): ModelError {
  const status = /\b(?:status(?: code)?|code|error|HTTP(?:\/\d(?:\.\d)?)?)[ :=]*\(?([45]\d\d)\b/i.exec(words)?.[1];
  if (status !== undefined) return errorOf(Number(status), words);
  if (isOverflow(words)) return "overflow";
  if (/not logged in|log ?in|unauthori[sz]ed|invalid[_ ](?:x-)?api[_ ]key|authentication/i.test(words)) return "auth";
  if (/rate[_ -]?limit|too many requests/i.test(words)) return "rate-limited";
  if (/content[_ ](?:filter|policy)/i.test(words)) return "filtered";
  return "transient";
}

/** The words in which tools tell that an answer was longer than allowed. */
export function isCut(words: string): boolean {
  return /max(?:imum)?[_ ]output[_ ]tokens|output token (?:maximum|limit)/i.test(words);
}

function isOverflow(words: string): boolean {
  return /context[_ ](?:length|window)|prompt (?:is )?too long|maximum (?:context|number of tokens)|input (?:token count|is too long)/i.test(
    words,
  );
}
