import assert from "node:assert/strict";
import { z } from "zod";
import { check } from "../../src/config/check.ts";
import { interpolate } from "../../src/config/interpolate.ts";
import { keysAt } from "../../src/config/keys_at.ts";
import { readYaml } from "../../src/config/read_yaml.ts";
import type { Finding } from "../../src/config/tree.ts";
import { SecretText } from "../../src/lib/secret.ts";
import { envOf } from "./plugin_tables.ts";

const ENV = envOf({ N: "5", B: "true", T: "x", S: "planted-canary" });

function checked(schema: z.ZodType, text: string) {
  const { tree } = readYaml(text);
  assert.ok(tree);
  const findings: Finding[] = [];
  const value = check(schema, { tree: interpolate(tree, { env: ENV }).tree, path: "p", offset: 0 }, findings);
  return { value, said: findings.map(({ path, message }) => `${path}: ${message}`) };
}

const RETYPED: readonly (readonly [name: string, schema: z.ZodType, text: string, value: unknown])[] = [
  ["a number", z.object({ a: z.number() }), "a: ${N}", { a: 5 }],
  ["a whole number", z.object({ a: z.int().min(5) }), "a: ${N}", { a: 5 }],
  ["a boolean", z.object({ a: z.boolean() }), "a: ${B}", { a: true }],
  ["a number in a list", z.array(z.number()), "[1, '${N}', 2]", [1, 5, 2]],
  ["a number in a record", z.record(z.string(), z.number()), "a: ${N}", { a: 5 }],
  ["a number among other types", z.object({ a: z.union([z.boolean(), z.number()]) }), "a: ${N}", { a: 5 }],
  ["text where text is allowed too", z.object({ a: z.union([z.string(), z.number()]) }), "a: ${N}", { a: "5" }],
  ["text", z.object({ a: z.string() }), "a: ${N}", { a: "5" }],
  [
    "numbers that only a second look shows",
    z.object({ a: z.number() }).pipe(z.object({ a: z.number(), b: z.number().default(1) })),
    "a: ${N}",
    { a: 5, b: 1 },
  ],
  ["an empty mapping", z.object({ a: z.object({ b: z.int().default(1) }) }), "a:", { a: { b: 1 } }],
  ["an empty record", z.object({ a: z.record(z.string(), z.string()) }), "a:", { a: {} }],
  ["null where null is allowed", z.object({ a: z.null() }), "a:", { a: null }],
];
for (const [name, schema, text, value] of RETYPED) {
  Deno.test(`check() reads ${JSON.stringify(text)} as ${name}`, () =>
    assert.deepEqual(checked(schema, text), { value, said: [] }));
}

const SAID: readonly (readonly [name: string, schema: z.ZodType, text: string, said: readonly string[]])[] = [
  ["no number from a longer text", z.object({ a: z.number() }), "a: 1${N}", [
    "p.a: found text from ${N}, expected a number",
  ]],
  ["no number from a word", z.object({ a: z.number() }), "a: ${T}", ["p.a: found text from ${T}, expected a number"]],
  ["no boolean from a number", z.object({ a: z.boolean() }), "a: ${N}", [
    "p.a: found text from ${N}, expected true or false",
  ]],
  ["text that should be in quotes", z.object({ a: z.string() }), "a: 5", ["p.a: found 5, expected text in quotes"]],
  ["quotes that should not be", z.object({ a: z.int() }), "a: '5'", [
    'p.a: found "5", expected a number without quotes',
  ]],
  ["a format", z.object({ a: z.email() }), "a: x", ['p.a: found "x", expected text in the form of email']],
  ["an author's words", z.object({ a: z.int({ error: "expected a day of the month" }) }), "a: x", [
    'p.a: found "x", expected a day of the month',
  ]],
  ["a length", z.object({ a: z.string().min(3), b: z.array(z.string()).max(1) }), "a: x\nb: [x, y]", [
    'p.a: found "x", expected at least 3 characters',
    "p.b: found a list, expected at most 1 entry",
  ]],
  ["a step", z.object({ a: z.number().multipleOf(4) }), "a: 3", ["p.a: found 3, expected a multiple of 4"]],
  ["types that would do", z.object({ a: z.union([z.string(), z.array(z.string())]) }), "a: 1", [
    "p.a: found 1, expected text or a list",
  ]],
  ["the branch that fits", z.object({ a: z.union([z.string(), z.strictObject({ b: z.int() })]) }), "a: {c: 1}", [
    "p.a.b: found nothing, expected a number",
    'p.a.c: unknown key; did you mean "b"?',
  ]],
  ["a credential of a wrong type", z.object({ api_key: SecretText }), "api_key: [planted]", [
    "p.api_key: found a list, expected text",
  ]],
  ["nothing of a header", z.object({ headers: z.record(z.string(), z.int()) }), "headers: {x: planted}", [
    "p.headers.x: found text, expected a number",
  ]],
  ["nothing of a password", z.object({ db_password: z.int() }), "db_password: planted", [
    "p.db_password: found text, expected a number",
  ]],
  ["a count of tokens", z.object({ max_tokens: z.int() }), "max_tokens: many", [
    'p.max_tokens: found "many", expected a number',
  ]],
  ["control characters in one line", z.object({ a: z.int() }), 'a: "x\\e[31m\\ny"', [
    'p.a: found "x\\u001b[31m\\ny", expected a number',
  ]],
  ["a long text cut short", z.object({ a: z.int() }), `a: ${"x".repeat(200)}`, [
    `p.a: found "${"x".repeat(57)}…", expected a number`,
  ]],
];
for (const [name, schema, text, said] of SAID) {
  Deno.test(`check() says ${name}`, () => assert.deepEqual(checked(schema, text), { value: undefined, said }));
}

Deno.test("check() gives plugins objects without a prototype", () => {
  const { value } = checked(z.object({ a: z.unknown() }), "a: {b: 1}");
  assert.ok(typeof value === "object" && value !== null && "a" in value);
  assert.equal(Object.getPrototypeOf(value.a), null);
});

Deno.test("keysAt() finds the keys of an object behind any wrapping", () => {
  const inner = z.object({ x: z.string(), y: z.string() });
  const wrapped: readonly z.ZodType[] = [
    inner,
    inner.optional(),
    inner.nullable(),
    inner.default({ x: "", y: "" }),
    inner.prefault({ x: "", y: "" }),
    inner.readonly(),
    inner.catch({ x: "", y: "" }),
    inner.transform((value) => value.x),
    inner.refine(() => true),
    z.union([z.string(), inner]),
    z.object({ x: z.string() }).and(z.object({ y: z.string() })),
  ];
  for (const schema of wrapped) {
    assert.deepEqual(keysAt(schema, []), ["x", "y"]);
    assert.deepEqual(keysAt(z.object({ a: z.array(z.record(z.string(), schema)) }), ["a", 0, "k"]), ["x", "y"]);
  }
  assert.deepEqual(keysAt(z.string(), ["a"]), []);
  assert.deepEqual(keysAt(inner, ["constructor"]), []);
});
