import { TOOL_PART, toolCallsOf, toolOutcomesOf } from "../a2a/parts.ts";
import type { Message } from "../a2a/types.ts";
import { contentOf } from "../model/content.ts";

/*
 * Tokens without a tokenizer: real ones cost 40–100 MB, are quadratic on one long run of letters, and know one provider
 * each. One pass over the characters, weighed so that the sum errs on the high side of o200k_base and cl100k_base
 * (tests/memory/tokens_test.ts keeps the measured rows):
 *
 *   word of at most 5 letters 1, of at most 16 letters 0.4 each, longer 0.6 each; 0.5 more where it is glued to another
 *   (a capital after a small letter begins a word) · one space before a word 0
 *   digit 1 · punctuation 1, repeated 0.25 · other white space 1, repeated 0.125
 *   above ASCII: by script, from 1 (letters with diacritics, Greek, Cyrillic, Hebrew, Arabic) over 1.5 (Indic, Thai,
 *   Chinese, Japanese, Korean) and 2 (symbols, half of an emoji) to 3 (rarer scripts; a UTF-16 unit is at most 3 bytes)
 */

/** No character weighs more. */
const MAX_TOKENS_PER_CHAR = 3;
/** The role of a message, and the separators around it and around each of its parts. */
const FRAME_TOKENS = 8;
/** The most that a provider charges for a picture of ordinary size. */
const IMAGE_TOKENS = 1_600;
/** Stands for "a letter or digit came before": words glued together, as in base64 and camelCase, split worse. */
const GLUE = -1;

/** Beginnings of ranges above ASCII, ascending, with the weight of what follows. */
const WEIGHTS: readonly (readonly [from: number, weight: number])[] = [
  [0x80, 1],
  [0x0800, 1.5],
  [0x1100, 3],
  [0x2000, 2],
  [0x2e80, 1.5],
  [0x3400, 3],
  [0x4e00, 1.5],
  [0xa000, 3],
  [0xac00, 1.5],
  [0xd800, 2],
  [0xe000, 3],
  [0xff00, 2],
];

function weightOf(code: number): number {
  let weight = 1;
  for (const [from, own] of WEIGHTS) {
    if (code < from) break;
    weight = own;
  }
  return weight;
}

function isSmall(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** The index behind the word that begins at `at`; `at` itself when none does. */
function wordEnd(text: string, at: number): number {
  let end = at;
  while (isCapital(text.charCodeAt(end))) end++;
  // "XMLHttp" is "XML" and "Http".
  if (end - at > 1 && isSmall(text.charCodeAt(end))) return end - 1;
  while (isSmall(text.charCodeAt(end))) end++;
  return end;
}

function wordTokens(letters: number): number {
  if (letters <= 5) return 1;
  return letters * (letters <= 16 ? 0.4 : 0.6);
}

/** About how many tokens a text is; rather too many than too few. Linear, whatever the text is. */
export function textTokens(text: string): number {
  let tokens = 0;
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const end = wordEnd(text, at);
    if (end > at) {
      // The space that stood before a word is part of its first token.
      if (before === 0x20) tokens -= text.charCodeAt(at - 2) === 0x20 ? 0.125 : 1;
      else if (before === GLUE) tokens += 0.5;
      tokens += wordTokens(end - at);
      at = end - 1;
      before = GLUE;
      continue;
    }
    const code = text.charCodeAt(at);
    if (code >= 0x80) tokens += weightOf(code);
    else if (code === before) tokens += isSpace(code) ? 0.125 : 0.25;
    else tokens += 1;
    before = isDigit(code) ? GLUE : code;
  }
  return Math.ceil(tokens);
}

/** About how many tokens a message takes in a prompt, tool calls, outcomes and pictures included. */
export function messageTokens(message: Message): number {
  return weigh(message, textTokens);
}

/** At most this many tokens: a bound that costs no reading of the text. */
export function maxMessageTokens(message: Message): number {
  return weigh(message, (text) => text.length * MAX_TOKENS_PER_CHAR);
}

function weigh(message: Message, count: (text: string) => number): number {
  let tokens = FRAME_TOKENS;
  for (const part of message.parts) {
    if (part.metadata?.[TOOL_PART] !== undefined) continue;
    const content = contentOf(part);
    if (content !== undefined) tokens += FRAME_TOKENS + ("text" in content ? count(content.text) : IMAGE_TOKENS);
  }
  for (const { id, name, arguments: input, malformed = "" } of toolCallsOf(message)) {
    tokens += FRAME_TOKENS + count(id) + count(name) + count(JSON.stringify(input)) + count(malformed);
  }
  for (const { id, name, output } of toolOutcomesOf(message)) {
    tokens += FRAME_TOKENS + count(id) + count(name) + count(output);
  }
  return tokens;
}
