import assert from "node:assert/strict";
import { globList } from "../../src/lib/glob.ts";

const ROWS: [patterns: string[], matches: string[], passes: string[]][] = [
  [["*.md"], ["a.md", "docs/a.md", "A.MD", "a.md/inner"], ["a.mdx", "amd", "md", ""]],
  [["node_modules"], ["node_modules", "a/node_modules", "node_modules/x/y.js"], ["node_modules2", "my_node_modules"]],
  [["node_modules/"], ["node_modules/x"], ["xnode_modules/x"]],
  [["docs/*.md"], ["docs/a.md"], ["docs/sub/a.md", "x/docs/a.md", "docs.md"]],
  [["docs/**"], ["docs/a", "docs/a/b", "docs"], ["docs2/a", "x/docs/a"]],
  [["**/test/**"], ["test/a", "a/test/b", "a/b/test"], ["tests/a", "contest/b"]],
  [["src/**/x.ts"], ["src/x.ts", "src/a/x.ts", "src/a/b/x.ts"], ["src/xx.ts", "x.ts"]],
  [["/top.txt"], ["top.txt"], ["sub/top.txt"]],
  [["./top/x"], ["top/x"], ["a/top/x"]],
  [["file?.txt"], ["file1.txt", "fileä.txt", "file😀.txt"], ["file.txt", "file12.txt", "file/.txt"]],
  [["*.{md,txt}"], ["a.md", "a.txt"], ["a.mdtxt", "a.{md,txt}"]],
  [["{a*,b?}.x"], ["abc.x", "b1.x"], ["b12.x"]],
  [["[a-c].txt"], ["a.txt", "c.txt"], ["d.txt", "ab.txt"]],
  [["[!a-c].txt"], ["d.txt"], ["a.txt"]],
  [["[.txt", "a{b"], ["[.txt", "a{b"], ["x.txt", "ab"]],
  [["a.b+c(d)$^|"], ["a.b+c(d)$^|"], ["aXb+c(d)$^|", "a.bbc(d)"]],
  [[".env*", "!.env.example"], [".env", ".env.local", "a/.env"], [".env.example", "a/.env.example", "env"]],
  [["*", "!*.md", "secret.md"], ["a.txt", "secret.md"], ["a.md"]],
  [["!a"], [], ["a", "b"]],
  [["caf\u00e9.txt"], ["cafe\u0301.txt", "CAFÉ.txt"], ["cafe.txt"]],
  [["日本/*.txt"], ["日本/語.txt"], ["日本語.txt"]],
  [["**"], ["a", "a/b"], []],
  [["a**b"], ["ab", "axb", "a/x/b"], ["ac"]],
  [["*.test.*"], ["a.test.ts", "b/a.test.ts/c"], ["a.ts", "a/test.b"]],
  [["**/a/**/b/*.md"], ["a/b/x.md", "x/a/y/z/b/x.md"], ["a/b/c/x.md", "b/a/x.md"]],
  [["*a*b*c*"], ["abc", "xaxbxcx/y", "ABC"], ["acb", "a/b/c"]],
  [["**a**b**c"], ["abc", "a/b/c", "xa/yb/zc/d"], ["acb", "cba"]],
  [["{*a,b*}*{c,d*}"], ["ac", "xad", "bxdx"], ["c", "xc"]],
  [[], [], ["a", ""]],
];

for (const [patterns, matches, passes] of ROWS) {
  Deno.test(`globList() of ${JSON.stringify(patterns)}`, () => {
    const test = globList(patterns);
    for (const path of matches) assert.equal(test(path), true, path);
    for (const path of passes) assert.equal(test(path), false, path);
  });
}

/** Patterns and paths that are made for a matcher that tries one way after the other. */
const STALLING: readonly (readonly [pattern: string, path: string])[] = [
  ["**/*a*/**/*.md", `${"a/".repeat(300)}x.txt`],
  ["*a*a*a*a*a*a*a*b", "a".repeat(4000)],
  ["**a**a**a**b", "a/".repeat(2000)],
  ["**/a/**/a/**/a/**/a/**/b", "a/".repeat(2000)],
  ["{a*,*a}{a*,*a}{a*,*a}{a*,*a}b", "a".repeat(4000)],
  [`${"*a".repeat(100)}b`, "a".repeat(4000)],
  [`${"?*".repeat(100)}b`, "a".repeat(4000)],
  ["**/*b", "a/".repeat(2000)],
  ["*a*", "b/".repeat(2000)],
];

for (const [pattern, path] of STALLING) {
  Deno.test(`globList() gives an answer for a path of ${path.length} and ${pattern.slice(0, 40)}`, () => {
    assert.equal(globList([pattern])(path), false);
  });
}
