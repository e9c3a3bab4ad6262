/**
 * Why a regular expression may take time that doubles with each character it reads; undefined if it does not. It is
 * found by its form: a repetition of something that repeats itself, `(a+)+`, or that can be read in two ways, `(a|ab)*`.
 * Some expressions of that form are harmless; they can be written in another one. Long after
 * https://en.wikipedia.org/wiki/ReDoS.
 */
export function slowPattern(source: string): string | undefined {
  const reader: Reader = { source, at: 0, depth: 0, problem: undefined };
  readAlternatives(reader);
  return reader.problem;
}

interface Reader {
  readonly source: string;
  at: number;
  depth: number;
  problem: string | undefined;
}

/** What a part of an expression is, as far as it counts here. */
interface Part {
  /** Whether it repeats something without a bound. */
  readonly repeats: boolean;
  /** How each of its alternatives begins: a character as it is, or a set of them. */
  readonly beginnings: readonly string[];
}

/** As good as without a bound. */
const MANY = 10;
const MAX_DEPTH = 50;
const QUANTIFIER = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/;

/** Up to the end, or the bracket that closes a group. */
function readAlternatives(reader: Reader): Part {
  const beginnings: string[] = [];
  let repeats = false;
  let beginning: readonly string[] | undefined;
  while (reader.at < reader.source.length && reader.source[reader.at] !== ")") {
    if (reader.source[reader.at] === "|") {
      beginnings.push(...beginning ?? [""]);
      beginning = undefined;
      reader.at++;
      continue;
    }
    const start = reader.at;
    const part = readAtom(reader);
    const most = readQuantifier(reader);
    if (most > MANY) judge(part, { reader, start });
    repeats ||= part.repeats || most > MANY;
    beginning ??= part.beginnings;
  }
  return { repeats, beginnings: [...beginnings, ...beginning ?? [""]] };
}

/** One character, escape, class or group. */
function readAtom(reader: Reader): Part {
  const rest = reader.source.slice(reader.at);
  if (rest.startsWith("(")) {
    reader.at += /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?/.exec(rest)?.[0].length ?? 1;
    if (++reader.depth > MAX_DEPTH) {
      reader.problem ??= `it has more than ${MAX_DEPTH} groups inside of each other`;
      reader.at = reader.source.length;
      return { repeats: false, beginnings: [] };
    }
    const part = readAlternatives(reader);
    reader.depth--;
    reader.at++;
    return part;
  }
  const atom = /^\[(?:\\[\s\S]|[^\]\\])*\]?|^\\(?:[pPku]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S]?)|^[\s\S]/u
    .exec(rest)?.[0] ?? rest;
  reader.at += atom.length;
  return { repeats: false, beginnings: [atom] };
}

/** How often the atom before it may come, at most. */
function readQuantifier(reader: Reader): number {
  const [all = "", sign, least, range, most] = QUANTIFIER.exec(reader.source.slice(reader.at)) ?? [];
  reader.at += all.length;
  if (sign !== undefined) return sign === "?" ? 1 : Infinity;
  if (least === undefined) return 1;
  return range === undefined ? Number(least) : most === "" ? Infinity : Number(most);
}

function judge({ repeats, beginnings }: Part, { reader, start }: { readonly reader: Reader; readonly start: number }) {
  const isAmbiguous = beginnings.length > 1 &&
    beginnings.some((one, at) => beginnings.slice(at + 1).some((other) => one === other || isSet(one) || isSet(other)));
  if (!repeats && !isAmbiguous) return;
  const text = reader.source.slice(start, reader.at);
  const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  const why = repeats ? "repeats what repeats itself" : "repeats what can be read in two ways";
  reader.problem ??= `${shown} ${why}, which can take forever`;
}

/** Whether an atom stands for several characters, or for none. */
function isSet(atom: string): boolean {
  return atom === "" || atom === "." || atom.startsWith("[") || /^\\[dDwWsSpPbB]/.test(atom);
}
