import assert from "node:assert/strict";
import { globList } from "../../src/lib/glob.ts";
import { globMachine } from "../../src/lib/glob_machine.ts";
import { type GlobNode, parseGlob } from "../../src/lib/glob_pattern.ts";

/** A small linear congruential generator: the same patterns on every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

/** Where a match of the nodes that begins at `from` may end; slow, and as simple as it gets. */
function endsOf(nodes: readonly GlobNode[], text: string, from: number): ReadonlySet<number> {
  return nodes.reduce(
    (starts, node) => new Set([...starts].flatMap((at) => [...endsOfOne(node, text, at)])),
    new Set([from]),
  );
}

function endsOfOne(node: GlobNode, text: string, from: number): ReadonlySet<number> {
  if (node.kind === "character") {
    const found = from < text.length && new RegExp(`^${node.source}$`, "iu").test(text[from] ?? "");
    return new Set(found ? [from + 1] : []);
  }
  if (node.kind === "either") return new Set(node.branches.flatMap((branch) => [...endsOf(branch, text, from)]));
  const ends = new Set([from]);
  for (const at of ends) for (const end of endsOf(node.nodes, text, at)) ends.add(end);
  return ends;
}

Deno.test("globMachine() and globList() find what trying everything finds", () => {
  const next = random(7);
  const parts = ["a", "b", "/", "*", "**/", "/**", "**", "?", "{a,b*}", "{*a,}", "[ab]", "[!a]", "A"];
  const pieces = (from: readonly string[], most: number) =>
    Array.from({ length: 1 + next(most) }, () => from[next(from.length)]).join("");
  let matches = 0;
  for (let round = 0; round < 4000; round++) {
    const pattern = pieces(parts, 6);
    const path = pieces(["a", "b", "/", "ab"], 8).replace(/\/+/g, "/").replace(/^\/|\/$/g, "");
    const nodes = parseGlob(pattern);
    const expected = endsOf(nodes, path, 0).has(path.length);
    assert.equal(globMachine(nodes)(path), expected, `machine: ${pattern} of ${path}`);
    assert.equal(globList([pattern])(path), expected, `list: ${pattern} of ${path}`);
    if (expected) matches++;
  }
  assert.ok(matches > 500, `${matches} match`);
});

Deno.test("globMachine() takes a character of two units as one", () => {
  assert.equal(globMachine(parseGlob("file?"))("file😀"), true);
  assert.equal(globMachine(parseGlob("file??"))("file😀"), false);
});

Deno.test("globMachine() of nothing matches nothing but nothing", () => {
  const machine = globMachine([]);
  assert.deepEqual([machine(""), machine("a")], [true, false]);
});
