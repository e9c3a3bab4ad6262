/** Characters that are not seen, or that change how others stand (https://trojansource.codes); a line end and a tab are. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\u2060\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * A stranger's text for somebody who decides by it: what could hide in it is spelled out, and of a text that is longer than
 * `maxChars` both ends are left, with the number of characters between them.
 */
export function inPlainSight(text: string, maxChars: number): string {
  const plain = text.replaceAll(UNSEEN, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
  if (plain.length <= maxChars) return plain;
  const tail = Math.floor(maxChars / 4);
  const head = maxChars - tail;
  const between = ` … [${plain.length - maxChars} more characters] … `;
  return plain.slice(0, head).toWellFormed() + between + plain.slice(-tail).toWellFormed();
}
