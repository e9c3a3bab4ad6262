import assert from "node:assert/strict";
import { typed } from "./typed.ts";

/** [path, what is told] */
const EXPLAINED: readonly (readonly [path: string, ...told: RegExp[]])[] = [
  ["", /^ {2}version .*\n[\s\S]*^ {2}agents +a mapping of names +Agents by id\.$/m],
  ["agents.analyst.llm", /^<b>agents\.<id>\.llm<\/b> {3}text\nAn entry of `llms`/],
  ["agents.a.visibility", /allowed: public, internal, private\ndefault: "public"/],
  ["agents.a.skills[0].id", /agents\.<id>\.skills\[\]\.id<\/b> {3}text, required/],
  ['llms["gpt-4.1"].model', /Of openai\./, /Of anthropic\./],
  ["llms.openai", /provider is one of: openai\n[\s\S]*with provider: openai\n {2}model /],
  ["tools.read_file", /with type: read_file\n {2}working_directory +text = "\.\/"/],
  ["agents.a.reasoning.engine", /allowed: chain-of-thought, supervisor\n/],
  ["server.store.type", /allowed: kv, memory\n/],
  ["server.port", /a whole number\n0: any free port\.\nallowed: 0 to 65535\ndefault: 8080\n$/],
];
for (const [path, ...told] of EXPLAINED) {
  Deno.test(`hector explain ${path}`, async () => {
    const { code, out, err } = await typed(["explain", ...path === "" ? [] : [path]]);
    assert.deepEqual([code, err], [0, ""]);
    for (const pattern of told) assert.match(out.replaceAll("bold>", "b>"), pattern);
  });
}

/** [path, what is told] */
const UNKNOWN: readonly (readonly [path: string, told: RegExp])[] = [
  ["srver", /No key "srver" at the top; did you mean "server"\?/],
  ["agents.a.lmm", /No key "lmm" in agents\.<id>; did you mean "llm"\?/],
  ["llms.x.temprature", /No key "temprature" in llms\.<name>; did you mean "temperature"\?/],
  ["server.port.number", /No key "number" in server\.port: it has no keys/],
  [
    "agents.a.long_term_memory",
    /Key "agents\.a\.long_term_memory" is not in this version: it would remember .*nearest: /,
  ],
  ["server.store.sql.x", /No key "sql" in server\.store/],
  ["server.cors.origins", /Key "server\.cors\.origins" is not in this version: it would let pages/],
  ["llms.m.retry_delay", /Key "llms\.m\.retry_delay" has no effect here: waits/],
  ["defaults.xyz", /No key "xyz" in defaults: it has llm/],
  ["constructor", /No key "constructor" at the top/],
];
for (const [path, told] of UNKNOWN) {
  Deno.test(`hector explain ${path} says what is there`, async () => {
    const { code, err } = await typed(["explain", path]);
    assert.equal(code, 2);
    assert.match(err, told);
  });
}

Deno.test("hector explain -o json prints the key for programs", async () => {
  const { out } = await typed(["explain", "agents.a.reasoning.max_iterations", "-o", "json"]);
  const { path, type, default: value, allowed } = JSON.parse(out);
  assert.deepEqual([path, type, value, allowed], [
    "agents.<id>.reasoning.max_iterations",
    "a whole number",
    100,
    "1 to 10000",
  ]);
});

Deno.test("hector explain takes one key", async () => {
  assert.match((await typed(["explain", "a", "b"])).err, /one key at a time/);
});
