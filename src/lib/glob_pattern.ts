/** One glob as what it may be made of, whatever it is matched with. A character stands as a regular expression's source. */
export type GlobNode =
  | { readonly kind: "character"; readonly source: string }
  /** Any number of times, also none. */
  | { readonly kind: "repeat"; readonly nodes: readonly GlobNode[] }
  | { readonly kind: "either"; readonly branches: readonly (readonly GlobNode[])[] };

const character = (source: string): GlobNode => ({ kind: "character", source });
const repeat = (...nodes: readonly GlobNode[]): GlobNode => ({ kind: "repeat", nodes });
const maybe = (...nodes: readonly GlobNode[]): GlobNode => ({ kind: "either", branches: [nodes, []] });

const ANY = character("[^]");
const IN_A_NAME = character("[^/]");
const SLASH = character("/");

/** The parts of a glob, in the order in which they are tried. */
const PART = /\*\*\/|\/\*\*$|\*+|\?|\[[!^]?\]?[^\]/]*\]|\{[^{}]*\}|[^]/gu;

/** A glob that begins at the root where it has a slash, else at any name on the way; all below what it matches, too. */
export function parseGlob(pattern: string): readonly GlobNode[] {
  const glob = pattern.normalize("NFC").replace(/^\.\//, "").replace(/\/+$/, "");
  const start = glob.includes("/") ? [] : [maybe(repeat(ANY), SLASH)];
  return [...start, ...toNodes(glob.replace(/^\//, "")), maybe(SLASH, repeat(ANY))];
}

function toNodes(glob: string): GlobNode[] {
  return [...glob.matchAll(PART)].map(([part]) => toNode(part));
}

function toNode(part: string): GlobNode {
  if (part === "**/") return repeat(IN_A_NAME, repeat(IN_A_NAME), SLASH);
  if (part === "/**") return maybe(SLASH, repeat(ANY));
  if (part === "?") return IN_A_NAME;
  if (part.startsWith("**")) return repeat(ANY);
  if (part === "*") return repeat(IN_A_NAME);
  if (part.startsWith("{") && part.length > 1) {
    return { kind: "either", branches: part.slice(1, -1).split(",").map(toNodes) };
  }
  if (part.startsWith("[") && part.length > 1) return character(toClass(part.slice(1, -1)));
  return character(RegExp.escape(part));
}

function toClass(content: string): string {
  const negated = /^[!^]/.test(content);
  const members = (negated ? content.slice(1) : content).replace(/[\\\]^[/]/g, "\\$&");
  return negated ? `[^/${members}]` : `[${members}]`;
}
