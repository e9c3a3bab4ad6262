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
      if (matched === negated && test.test(composed)) matched = !negated;
    }
    return matched;
  };
}

function globPattern(pattern: string): RegExp {
  const glob = pattern.normalize("NFC").replace(/^\.\//, "").replace(/\/+$/, "");
  const anchored = glob.includes("/");
  const body = toSource(glob.replace(/^\//, ""));
  return new RegExp(`^${anchored ? "" : "(?:.*/)?"}${body}(?:/.*)?$`, "isu");
}

/** The parts of a glob, in the order in which they are tried. */
const PART = /\*\*\/|\/\*\*$|\*+|\?|\[[!^]?\]?[^\]/]*\]|\{[^{}]*\}|[^*?[{/]+|[[{/]/gu;

function toSource(glob: string): string {
  return glob.replace(PART, (part) => {
    if (part === "**/") return "(?:[^/]+/)*";
    if (part === "/**") return "(?:/.*)?";
    if (part === "?") return "[^/]";
    if (part.startsWith("**")) return ".*";
    if (part.startsWith("*")) return "[^/]*";
    if (part.startsWith("{") && part.length > 1) {
      return `(?:${part.slice(1, -1).split(",").map(toSource).join("|")})`;
    }
    if (part.startsWith("[") && part.length > 1) return toClass(part.slice(1, -1));
    return RegExp.escape(part);
  });
}

function toClass(content: string): string {
  const negated = /^[!^]/.test(content);
  const members = (negated ? content.slice(1) : content).replace(/[\\\]^[/]/g, "\\$&");
  return negated ? `[^/${members}]` : `[${members}]`;
}
