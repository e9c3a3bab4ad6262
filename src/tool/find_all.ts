/**
 * Where `pattern` is in `text`, from left to right, without overlaps. Knuth, Morris and Pratt's algorithm ("Fast pattern
 * matching in strings", 1977): the time is linear, whatever a model sends; indexOf needs the product of both lengths for
 * a pattern such as "aaaa…ab".
 */
export function findAll(text: string, pattern: string): number[] {
  if (pattern === "") return [];
  const borders = bordersOf(pattern);
  const found: number[] = [];
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== code) matched = borders[matched - 1] ?? 0;
    if (pattern.charCodeAt(matched) === code) matched++;
    if (matched === pattern.length) {
      found.push(at - pattern.length + 1);
      matched = 0;
    }
  }
  return found;
}

/** For each prefix of `pattern`, the length of the longest shorter prefix that it ends with. */
function bordersOf(pattern: string): Int32Array {
  const borders = new Int32Array(pattern.length);
  let border = 0;
  for (let at = 1; at < pattern.length; at++) {
    while (border > 0 && pattern.charCodeAt(border) !== pattern.charCodeAt(at)) border = borders[border - 1] ?? 0;
    if (pattern.charCodeAt(border) === pattern.charCodeAt(at)) border++;
    borders[at] = border;
  }
  return borders;
}
