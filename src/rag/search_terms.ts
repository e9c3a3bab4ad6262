/** A word: letters and digits with the marks that belong to them. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** Scripts that are written without spaces between words, or (Hangul) glue small words to large ones. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu;
/** `getUserName`, `HTTPServer` and `utf8Text` hold words too. */
const INNER_WORD =
  /(?:\p{Lu}\p{M}*)+(?!\p{Ll})|(?:\p{Lu}\p{M}*)?\p{Ll}[\p{Ll}\p{M}]*|\p{N}+|[\p{Lo}\p{Lm}\p{Lt}][\p{Lo}\p{Lm}\p{Lt}\p{M}]*/gu;
/** Longer ones are hashes and encoded data, which nobody looks for and which would fill the index. */
const MAX_WORD_CHARS = 64;
const MAX_QUERY_TERMS = 64;
const MAX_PHRASE_TERMS = 16;

/**
 * `text` as the words that the index splits at its spaces. Text without spaces becomes its pairs of characters, and the
 * last character by itself; compound names become themselves and then their words.
 */
export function toTerms(text: string): string {
  return termsOf(text, false).join(" ");
}

/**
 * An FTS5 expression (https://sqlite.org/fts5.html#full_text_query_syntax) for what a person wrote: any of the words, the
 * more and the rarer the better, best all of them in this order. Nothing of `query` but letters and digits gets into it,
 * so there is no syntax in it. Empty if there are no words.
 */
export function toMatchExpression(query: string): string {
  const terms = termsOf(query, true).slice(0, MAX_QUERY_TERMS);
  const any = [...new Set(terms)].map((term) => isSingle(term) ? `"${term}" *` : `"${term}"`);
  const phrase = terms.length > 1 && terms.length <= MAX_PHRASE_TERMS ? [`"${terms.join(" ")}"`] : [];
  return [...any, ...phrase].join(" OR ");
}

function termsOf(text: string, isQuery: boolean): string[] {
  return (text.normalize("NFKC").match(WORD) ?? []).flatMap((word) => splitScripts(word, isQuery));
}

function splitScripts(word: string, isQuery: boolean): string[] {
  const terms: string[] = [];
  let at = 0;
  for (const { 0: run, index } of word.matchAll(UNSPACED)) {
    terms.push(...spacedTerms(word.slice(at, index)), ...pairs([...run], isQuery));
    at = index + run.length;
  }
  return [...terms, ...spacedTerms(word.slice(at))];
}

function spacedTerms(word: string): string[] {
  if (word === "" || word.length > MAX_WORD_CHARS) return [];
  const inner = word.match(INNER_WORD) ?? [];
  // The "n" of "n42" would be found everywhere.
  return inner.length > 1 ? [word, ...inner.filter((part) => part.length > 1)] : [word];
}

/** One character alone is looked for as the beginning of a pair; so that it is always one, the last stands by itself too. */
function pairs(characters: readonly string[], isQuery: boolean): string[] {
  const found = characters.slice(1).map((character, at) => `${characters[at] ?? ""}${character}`);
  const last = characters.at(-1);
  return last === undefined || (isQuery && found.length > 0) ? found : [...found, last];
}

function isSingle(term: string): boolean {
  return term.replace(UNSPACED, "") === "" && [...term].length === 1;
}
