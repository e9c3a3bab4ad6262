import { globMachine } from "./glob_machine.ts";
import { type GlobNode, parseGlob } from "./glob_pattern.ts";

/**
 * Whether a path (relative, "/" between names) matches a list of glob patterns. `*` and `?` stay within a name, `**`
 * crosses names, `[a-z]`, `[!a]` and `{a,b}` mean what they mean in a shell. A pattern without "/" may match any name on
 * the way, one with "/" begins at the root; a pattern that matches a folder matches all that is in it. A later `!pattern`
 * takes back what an earlier one matched. Case and Unicode composition do not matter, because on some file systems they
 * do not either.
 */
export function globList(patterns: readonly string[]): (path: string) => boolean {
  const rules = patterns.map((pattern) => {
    const negated = pattern.startsWith("!");
    return { negated, test: globPattern(negated ? pattern.slice(1) : pattern) };
  });
  return (path) => {
    const composed = path.normalize("NFC");
    let matched = false;
    for (const { negated, test } of rules) {
      if (matched === negated && test(composed)) matched = !negated;
    }
    return matched;
  };
}

/** A regular expression takes time to the power of what it may try in several ways: with more, somebody's path stalls us. */
const MAX_STARS = 2;

function globPattern(pattern: string): (path: string) => boolean {
  const nodes = parseGlob(pattern);
  // Beginning at any name on the way is one more, unless the others stay within that name.
  const stars = (pattern.match(/\*+/g)?.length ?? 0) + (/^[^/]*\*\*[^/]*$/.test(pattern) ? 1 : 0);
  if (stars > MAX_STARS) return globMachine(nodes);
  const expression = new RegExp(`^${nodes.map(toSource).join("")}$`, "iu");
  return (path) => expression.test(path);
}

function toSource(node: GlobNode): string {
  switch (node.kind) {
    case "character":
      return node.source;
    case "repeat":
      return `(?:${node.nodes.map(toSource).join("")})*`;
    case "either":
      return `(?:${node.branches.map((branch) => branch.map(toSource).join("")).join("|")})`;
  }
}
