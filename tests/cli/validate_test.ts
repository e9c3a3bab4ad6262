import assert from "node:assert/strict";
import { inFolder, typed } from "./typed.ts";

const GOOD = "agents:\n  a: { llm: x }\nllms:\n  x: { provider: scripted, default: { text: Hi } }\n";
const OLD = `agents:
  - name: a
    llm: x
    memory: { working: { max_tokens: 500 } }
llms:
  x: { type: openai, api_key: "\${SECRET}" }
`;
const BAD = "agents:\n  a: { llm: x, lmm: y }\nllms:\n  x: { provider: scripted, api_key: '${UNSET}' }\n";
const FILES = { "good.yaml": GOOD, "old.yaml": OLD, "bad.yaml": BAD };
const ENV = { SECRET: "planted-canary" };

function inFiles(act: (run: (...argv: string[]) => ReturnType<typeof typed>, cwd: string) => Promise<void>) {
  return inFolder(FILES, (cwd) => act((...argv) => typed(["validate", ...argv], { cwd, env: ENV }), cwd));
}

Deno.test("hector validate tells of each file, and ends with 2 if one is wrong", async () => {
  await inFiles(async (run) => {
    const { code, out, err } = await run("good.yaml", "bad.yaml", "-c", "old.yaml");
    assert.equal(code, 2);
    assert.equal(
      out,
      "old.yaml: valid, 1 agent: a; 3 older spellings (--explain tells)\ngood.yaml: valid, 1 agent: a\n",
    );
    assert.match(
      err,
      /^bad\.yaml:2:16: agents\.a\.lmm: unknown key; did you mean "llm"\?\nbad\.yaml:4:\d+: llms\.x\.api_key: /,
    );
    assert.deepEqual((await run("good.yaml")).code, 0);
  });
});

Deno.test("hector validate takes a folder as one configuration", async () => {
  await inFiles(async (run, cwd) => {
    await Deno.mkdir(`${cwd}/conf.d`);
    await Deno.writeTextFile(`${cwd}/conf.d/1.yaml`, "agents: { a: { llm: x }, b: { llm: x } }\n");
    await Deno.writeTextFile(`${cwd}/conf.d/2.json`, '{"llms": {"x": {"provider": "scripted"}}}');
    await Deno.writeTextFile(`${cwd}/conf.d/notes.txt`, "no configuration");
    assert.equal((await run("conf.d")).out, "conf.d: valid, 2 agents: a, b\n");
    await Deno.writeTextFile(`${cwd}/conf.d/3.yaml`, "llms: { x: { provider: demo } }\n");
    const { code, err } = await run("conf.d");
    assert.equal(code, 2);
    assert.match(err, /^conf\.d\/3\.yaml:1:\d+: llms\.x\.provider: found a second value/);
  });
});

Deno.test("hector validate tells of what cannot be read", async () => {
  await inFiles(async (run) => {
    const { code, out, err } = await run("none.yaml", "good.yaml");
    assert.deepEqual([code, out], [2, "good.yaml: valid, 1 agent: a\n"]);
    assert.match(err, /none\.yaml: Cannot read the configuration "none\.yaml": there is no such file/);
  });
});

Deno.test("hector validate --explain names what it read as what, at its place", async () => {
  await inFiles(async (run) => {
    const { code, out } = await run("--explain", "old.yaml");
    assert.equal(code, 0);
    assert.deepEqual(out.split("\n"), [
      "old.yaml:2:5 agents[0] → agents.a",
      "old.yaml:4:26 agents[0].memory.working.max_tokens → agents.a.context.budget",
      "old.yaml:6:8 llms.x.type → llms.x.provider",
      "old.yaml: valid, 1 agent: a",
      "",
    ]);
    const json = JSON.parse((await run("--explain", "old.yaml", "-o", "json")).out);
    assert.equal(json.files[0].moves.length, 3);
  });
});

Deno.test("hector validate --print prints the newest spelling, which says the same and shows no secret", async () => {
  await inFiles(async (run, cwd) => {
    const { code, out, err } = await run("--print", "old.yaml");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^version: "2"\nagents:\n {2}a:\n[\s\S]*budget: 500\n[\s\S]*api_key: \$\{SECRET\}\n/);
    await Deno.writeTextFile(`${cwd}/new.yaml`, out);
    assert.equal((await run("--print", "new.yaml")).out, out);
    assert.equal((await run("--explain", "new.yaml")).out, "new.yaml: valid, 1 agent: a\n");
  });
});

Deno.test("hector validate --print of a wrong file prints what is wrong instead", async () => {
  await inFiles(async (run) => {
    const { code, out, err } = await run("--print", "bad.yaml");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^bad\.yaml:2:16: /);
  });
});

Deno.test("hector validate -o json prints verdicts for programs", async () => {
  await inFiles(async (run) => {
    const { code, out, err } = await run("good.yaml", "bad.yaml", "-o", "json");
    assert.deepEqual([code, err], [2, ""]);
    const { valid, files } = JSON.parse(out);
    assert.deepEqual([valid, files[0]], [false, { file: "good.yaml", agents: ["a"], problems: [] }]);
    assert.deepEqual(files[1].problems[0], {
      file: "bad.yaml",
      position: { line: 2, column: 16 },
      path: "agents.a.lmm",
      message: 'unknown key; did you mean "llm"?',
    });
  });
});

Deno.test("hector validate --format sarif prints what code scanners read", async () => {
  await inFiles(async (run) => {
    const { code, out } = await run("good.yaml", "bad.yaml", "--format", "sarif");
    assert.equal(code, 2);
    const { version, runs: [{ tool, results }] } = JSON.parse(out);
    assert.deepEqual([version, tool.driver.name, tool.driver.rules[0].id], ["2.1.0", "hector", "configuration"]);
    assert.deepEqual(results[0], {
      ruleId: "configuration",
      level: "error",
      message: { text: 'agents.a.lmm: unknown key; did you mean "llm"?' },
      locations: [{
        physicalLocation: { artifactLocation: { uri: "bad.yaml" }, region: { startLine: 2, startColumn: 16 } },
      }],
    });
  });
});

Deno.test("hector validate --format github prints annotations, escaped as its log reads them", async () => {
  await inFiles(async (run, cwd) => {
    const { code, out } = await run("good.yaml", "bad.yaml", "--format", "github");
    assert.equal(code, 2);
    assert.match(
      out,
      /^::error file=bad\.yaml,line=2,col=16::agents\.a\.lmm: unknown key; did you mean "llm"\?\n::error /,
    );
    await Deno.writeTextFile(`${cwd}/50%,a:b.yaml`, "agents: {a: {visibility: 100%}}\n");
    assert.match(
      (await run("50%,a:b.yaml", "--format", "github")).out,
      /^::error file=50%25%2Ca%3Ab\.yaml,line=1,col=\d+::.*100%25/,
    );
    assert.deepEqual(await run("good.yaml", "--format", "github"), { code: 0, out: "", err: "" });
  });
});

Deno.test("hector validate reads no more of a large file than a configuration may hold", async () => {
  await inFiles(async (run, cwd) => {
    await Deno.truncate(`${cwd}/good.yaml`, 50_000_000);
    const { code, err } = await run("good.yaml");
    assert.equal(code, 2);
    assert.match(err, /Cannot read the configuration "good\.yaml": it is larger than 1 MiB/);
  });
});

/** [what is typed, what is told] */
const MISTYPED: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [[], /Nothing to check/],
  [["a.yaml", "--format", "xml"], /"--format" takes text, json, sarif or github: found "xml"/],
  [["a.yaml", "-o", "xml"], /"--output" takes text, json, sarif or github: found "xml"/],
  [["a.yaml", "b.yaml", "--print"], /--print prints one file/],
  [["a.yaml", "--print", "--explain"], /--print prints one file/],
];
for (const [argv, told] of MISTYPED) {
  Deno.test(`hector validate ${argv.join(" ")} is refused`, async () => {
    const { code, err } = await typed(["validate", ...argv]);
    assert.equal(code, 2);
    assert.match(err, told);
  });
}
