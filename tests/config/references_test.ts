import assert from "node:assert/strict";
import { referencesIn } from "../../src/config/interpolate.ts";
import { newReferences } from "../../src/config/references.ts";

const TEXTS: readonly (readonly [text: string, names: readonly string[]])[] = [
  ["plain", []],
  ["${A}", ["A"]],
  ["$A", ["A"]],
  ["costs $A today", []],
  ["$$A", []],
  ["$${A}", []],
  ["a ${A} and ${file:/run/secrets/x} b", ["A", "file:/run/secrets/x"]],
  ["${A:-${B:-${file:c}}}", ["A", "B", "file:c"]],
  ["${A:-plain $B}", ["A"]],
  ["${", []],
];

for (const [text, names] of TEXTS) {
  Deno.test(`referencesIn() of ${text}`, () => assert.deepEqual(referencesIn(text), names));
}

const BEFORE = `# comment
agents:
  a: { llm: m, description: "by \${WHO}", tools: [x, "\${TOOL}"] }
llms:
  m: { provider: openai, api_key: "\${KEY}" }
`;

/** [what is changed, from, to, what is new then] */
const ROWS: readonly (readonly [what: string, from: string, to: string, found: readonly string[]])[] = [
  ["nothing", "", "", []],
  ["words beside a name", "by ${WHO}", "made by ${WHO}!", []],
  ["its default", "${KEY}", "${KEY:-none}", []],
  ["the order of a list", `[x, "\${TOOL}"]`, `["\${TOOL}", y, x]`, []],
  ["the style", `"\${KEY}"`, "$KEY", []],
  ["the name is taken out", "by ${WHO}", "by us", []],
  ["another variable", "by ${WHO}", "by ${HOME}", ["agents.a.description ${HOME}"]],
  ["a variable in a default", "${KEY}", "${KEY:-${OTHER}}", ["llms.m.api_key ${OTHER}"]],
  ["a file", "by ${WHO}", "by ${file:/etc/passwd}", ["agents.a.description ${file:/etc/passwd}"]],
  ["a known name in another place", "by ${WHO}", "by ${KEY}", ["agents.a.description ${KEY}"]],
  ["a known name in another list", "llm: m", `llm: m, skills: [{ id: "\${TOOL}" }]`, ["agents.a.skills.*.id ${TOOL}"]],
  ["a new agent", "agents:\n", `agents:\n  b: { instruction: "\${KEY}" }\n`, ["agents.b.instruction ${KEY}"]],
  ["an older spelling of the same", "llms:\n", `global: { auth: { audience: "\${KEY}" } }\nllms:\n`, [
    "global.auth.audience ${KEY}",
  ]],
];

for (const [what, from, to, found] of ROWS) {
  Deno.test(`newReferences() where ${what} is changed`, () => {
    const after = BEFORE.replace(from, () => to);
    assert.deepEqual(newReferences(BEFORE, after).map(({ name, path }) => `${path} \${${name}}`), found);
  });
}

Deno.test("newReferences() sees through anchors, aliases and merges", () => {
  const alias = `x: &k "\${KEY}"\nagents: { a: { description: *k } }\n`;
  assert.deepEqual(newReferences(`x: "\${KEY}"\nagents: { a: {} }\n`, alias), [
    { name: "KEY", path: "agents.a.description" },
  ]);
  const merge = `llms: { m: &m { api_key: "\${KEY}" } }\nagents: { a: { <<: *m } }\n`;
  assert.deepEqual(newReferences(`llms: { m: { api_key: "\${KEY}" } }\n`, merge), [
    { name: "KEY", path: "agents.a.api_key" },
  ]);
});

Deno.test("newReferences() of a text that cannot be read has none, and one beside it has all of its own", () => {
  assert.deepEqual(newReferences(BEFORE, "agents: ["), []);
  assert.equal(newReferences("agents: [", BEFORE).length, 3);
  assert.deepEqual(newReferences(BEFORE, `\uFEFF${BEFORE}`), []);
});
