import assert from "node:assert/strict";
import { interpolate } from "../../src/config/interpolate.ts";
import type { Scalar, Tree } from "../../src/config/tree.ts";
import { envOf } from "./plugin_tables.ts";

const ENV = envOf({ A: "a", B: "b{}b", EMPTY: "", LOOP: "${LOOP}", DOLLARS: "$A ${A} $${A}", lower: "l" });

function scalar(value: Scalar["value"]): Scalar {
  return { kind: "scalar", offset: 0, value };
}

function replace(text: string) {
  const { tree, findings } = interpolate(scalar(text), { env: ENV });
  assert.equal(tree.kind, "scalar");
  return { scalar: tree, messages: findings.map(({ message }) => message) };
}

const REPLACED: readonly (readonly [text: string, result: string])[] = [
  ["${A}", "a"],
  ["${lower}", "l"],
  ["<${A}${A}>", "<aa>"],
  ["${EMPTY}", ""],
  ["${EMPTY:-x}", "x"],
  ["${UNSET:-x}", "x"],
  ["${UNSET:-}", ""],
  ["${A:-x}", "a"],
  ["${UNSET:-a b: c}", "a b: c"],
  ["${UNSET:-${A}}", "a"],
  ["${UNSET:-<${UNSET:-${A}}>}", "<a>"],
  ["${A:-${UNSET}}", "a"],
  ['${UNSET:-{"x": {"y": 1}}}', '{"x": {"y": 1}}'],
  ["${UNSET:-$${A}}", "${A}"],
  ["$${A}", "${A}"],
  ["$$${A}", "$${A}"],
  ["a $${A:-${A}} b", "a ${A:-a} b"],
  // What comes out of a variable is not looked at again.
  ["${LOOP}", "${LOOP}"],
  ["${DOLLARS}", "$A ${A} $${A}"],
  ["${B}}", "b{}b}"],
  // A dollar alone is a dollar.
  ["$A", "a"],
  ["$$A", "$A"],
  ["$lower", "$lower"],
  ["cost: $A", "cost: $A"],
  ["$A ", "$A "],
  ["$", "$"],
  ["$$", "$$"],
  ["{$A}", "{$A}"],
  ["a } b { c", "a } b { c"],
];
for (const [text, result] of REPLACED) {
  Deno.test(`interpolate() turns ${text} into ${result}`, () => {
    const { scalar, messages } = replace(text);
    assert.deepEqual(messages, []);
    assert.equal(scalar.value, result);
  });
}

const REFUSED: readonly (readonly [text: string, message: RegExp])[] = [
  ["${UNSET}", /^found \$\{UNSET\}, which is not set: expected it in the environment/],
  ["$UNSET", /^found \$\{UNSET\}, which is not set/],
  ["a ${UNSET:-${UNSET}} b", /^found \$\{UNSET\}, which is not set/],
  ["${", /^found \$\{ without \$\{NAME\}/],
  ["${}", /^found \$\{ without \$\{NAME\}/],
  ["${1A}", /^found \$\{ without \$\{NAME\}/],
  ["${A", /^found \$\{ without \$\{NAME\}/],
  ["${ A }", /^found \$\{ without \$\{NAME\}/],
  ["${A-x}", /^found \$\{ without \$\{NAME\}/],
  ["${A:x}", /did you mean "\$\{A:-…\}"\?$/],
  ["${A:=x}", /did you mean "\$\{A:-…\}"\?$/],
  ["${A:-x", /^found \$\{ without its \}/],
  ["${A:-{x}", /^found \$\{ without its \}/],
  ["${A:-${B}", /^found \$\{ without its \}/],
];
for (const [text, message] of REFUSED) {
  Deno.test(`interpolate() refuses ${text}`, () => {
    const { scalar, messages } = replace(text);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? "", message);
    assert.equal(scalar.reported, true);
  });
}

const FILES = new Map([["/run/s", "secret\n"], ["crlf", "a\r\n"], ["two", "a\n\n"], ["empty", ""], ["b c", "x"]]);
const FROM_FILES: readonly (readonly [text: string, result: string | RegExp])[] = [
  ["${file:/run/s}", "secret"],
  ["<${file:/run/s}>", "<secret>"],
  ["${file:crlf}", "a"],
  ["${file:two}", "a\n"],
  ["${file:empty}", ""],
  ["${file:empty:-x}", ""],
  ["${file:b c}", "x"],
  ["${file:none:-d${A}}", "da"],
  ["${UNSET:-${file:/run/s}}", "secret"],
  ["$${file:/run/s}", "${file:/run/s}"],
  [
    "${file:none}",
    /^found \$\{file:none\}, which cannot be read \(there is no such file\): expected .* \$\{file:none:-default\}$/,
  ],
  ["${file:}", /^found \$\{ without/],
  ["${file}", /^found \$\{file\}, which is not set/],
];
for (const [text, expected] of FROM_FILES) {
  Deno.test(`interpolate() reads ${text}`, () => {
    const read: string[] = [];
    const { tree, findings } = interpolate(scalar(text), {
      env: ENV,
      readText: (path) => {
        read.push(path);
        const found = FILES.get(path);
        return found === undefined ? { problem: "there is no such file" } : { text: found };
      },
    });
    assert.equal(tree.kind, "scalar");
    if (typeof expected === "string") assert.deepEqual([findings, tree.value], [[], expected]);
    else assert.match(findings[0]?.message ?? "", expected);
  });
}

Deno.test("interpolate() reads no files where it was given no way to", () => {
  assert.match(replace("${file:x}").messages[0] ?? "", /cannot be read \(files cannot be read here\)/);
});

Deno.test("interpolate() keeps the text as it was written", () => {
  assert.deepEqual(["${A}-", "$$A", "plain"].map((text) => replace(text).scalar.written), ["${A}-", "$$A", undefined]);
});

Deno.test("interpolate() names the variables of a text, so that nobody shows it", () => {
  assert.deepEqual(replace("x ${A} ${UNSET:-${B}}").scalar.variables, ["A", "UNSET", "B"]);
  assert.equal(replace("x $${A}").scalar.variables, undefined);
});

Deno.test("interpolate() marks a text as retypable if it is one variable as a whole", () => {
  assert.deepEqual(
    ["${A}", "$A", "${UNSET:-5}", "1${A}", "${A} ", "${A}${A}", "5"].map((text) => replace(text).scalar.retypable),
    [
      true,
      true,
      true,
      undefined,
      undefined,
      undefined,
      undefined,
    ],
  );
});

Deno.test("interpolate() leaves keys, numbers and other values alone", () => {
  const entries = new Map([["${A}", { offset: 0, value: scalar(5) }], ["n", { offset: 0, value: scalar(null) }]]);
  const { tree, findings } = interpolate({ kind: "table", offset: 0, entries }, { env: ENV });
  assert.deepEqual(tree, { kind: "table", offset: 0, entries });
  assert.deepEqual(findings, []);
});

Deno.test("interpolate() tells the place of each text, and replaces what is shared once", () => {
  const shared: Tree = { kind: "list", offset: 3, items: [{ kind: "scalar", offset: 7, value: "${UNSET}" }] };
  const entries = new Map([["a", { offset: 0, value: shared }], ["b", { offset: 9, value: shared }]]);
  const { tree, findings } = interpolate({ kind: "table", offset: 0, entries }, { env: ENV });
  assert.deepEqual(findings.map(({ offset, path }) => [offset, path]), [[7, "a[0]"]]);
  assert.ok(tree.kind === "table");
  assert.equal(tree.entries.get("a")?.value, tree.entries.get("b")?.value);
});
