import assert from "node:assert/strict";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { loadConfig } from "../../src/config/load.ts";
import { inFolder, typed } from "./typed.ts";

Deno.test("hector init writes a file that is valid and serves, with the schema that it names", async () => {
  await inFolder({}, async (cwd) => {
    const { code, out, err } = await typed(["init"], { cwd });
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /^agents\.yaml is written\.[\s\S]*hector validate agents\.yaml[\s\S]*hector\.schema\.json is written/,
    );
    const text = await Deno.readTextFile(`${cwd}/agents.yaml`);
    assert.match(text, /^# yaml-language-server: \$schema=\.\/hector\.schema\.json\n/);
    const schema = JSON.parse(await Deno.readTextFile(`${cwd}/hector.schema.json`));
    assert.deepEqual([schema.title, schema.$schema], ["hector", "http://json-schema.org/draft-07/schema#"]);
    assert.equal((await typed(["validate", "agents.yaml"], { cwd })).out, "agents.yaml: valid, 1 agent: assistant\n");
    const answer = await typed(["call", "Hello", "--config", "agents.yaml"], { cwd, env: { XDG_DATA_HOME: cwd } });
    assert.deepEqual([answer.code, /demo model/.test(answer.out)], [0, true]);
  });
});

Deno.test("hector init writes a valid file for every provider", async () => {
  for (const [provider, { defaultModel }] of PLUGIN_TABLES.models) {
    const { code, out } = await typed(["init", "-", "--provider", provider]);
    assert.equal(code, 0);
    const config = loadConfig({ text: out, file: "-", env: () => undefined, tables: PLUGIN_TABLES, baseDir: "/" });
    const { provider: found, options } = config.llms.get("default") ?? {};
    assert.deepEqual([found, options?.model], [provider, defaultModel]);
  }
});

Deno.test("hector init chooses the provider whose key is set, in the environment or in .env", async () => {
  await inFolder({ ".env": "GEMINI_API_KEY=planted-canary\n" }, async (cwd) => {
    const { out } = await typed(["init", "-"], { cwd });
    assert.match(out, /^ {4}provider: gemini$/m);
    assert.match(out, /looked for in GEMINI_API_KEY/);
    assert.ok(!out.includes("canary"));
    assert.match((await typed(["init", "-"], { cwd, env: { OPENAI_API_KEY: "x" } })).out, /^ {4}provider: openai$/m);
  });
});

Deno.test("hector init takes the model and where the schema is", async () => {
  await inFolder({}, async (cwd) => {
    const flags = ["--provider", "openai", "--model", 'x"y', "--schema", "https://example.com/s.json"];
    assert.equal((await typed(["init", "sub.yaml", ...flags], { cwd })).code, 0);
    const text = await Deno.readTextFile(`${cwd}/sub.yaml`);
    assert.match(text, /^# yaml-language-server: \$schema=https:\/\/example\.com\/s\.json\n/);
    assert.match(text, /^ {4}model: "x\\"y"$/m);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["sub.yaml"]);
  });
});

Deno.test("hector init replaces nothing unless it is forced to, but its own schema", async () => {
  await inFolder({ "agents.yaml": "mine", "hector.schema.json": "theirs" }, async (cwd) => {
    const refused = await typed(["init"], { cwd });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /Cannot write agents\.yaml: it is there already; --force replaces it/);
    assert.equal(await Deno.readTextFile(`${cwd}/agents.yaml`), "mine");
    const other = await typed(["init", "b.yaml"], { cwd });
    assert.match(other.err, /Cannot write hector\.schema\.json: it is there already/);
    assert.equal(await Deno.readTextFile(`${cwd}/hector.schema.json`), "theirs");
    assert.equal((await typed(["init", "--force"], { cwd })).code, 0);
    assert.match(await Deno.readTextFile(`${cwd}/agents.yaml`), /yaml-language-server/);
    await Deno.writeTextFile(`${cwd}/hector.schema.json`, '{\n  "title": "hector",\n  "of": "last year"\n}\n');
    assert.equal((await typed(["init", "c.yaml"], { cwd })).code, 0);
    assert.ok(!(await Deno.readTextFile(`${cwd}/hector.schema.json`)).includes("last year"));
  });
});

/** [what is typed, what is told] */
const MISTYPED: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [["a.yaml", "b.yaml"], /writes one file/],
  [["-", "--provider", "opnai"], /No provider "opnai"; did you mean "openai"\?/],
  [["-", "--model", "x"], /Whose model is it\?/],
  [["none/a.yaml"], /Cannot write none\/a\.yaml: there is no such folder/],
];
for (const [argv, told] of MISTYPED) {
  Deno.test(`hector init ${argv.join(" ")} is refused`, async () => {
    await inFolder({}, async (cwd) => {
      const { code, err } = await typed(["init", ...argv], { cwd });
      assert.equal(code, 2);
      assert.match(err, told);
    });
  });
}
