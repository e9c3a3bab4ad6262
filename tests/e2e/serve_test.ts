import assert from "node:assert/strict";
import { SCRIPTED_AGENTS } from "../cli/scripted_agents.ts";
import { listening, ROOT, spawnProgram } from "./hector_process.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";

/** [what is set, the provider that answers, the line that says why] */
const PROVIDERS: readonly [env: Record<string, string>, model: RegExp, why: RegExp][] = [
  [{}, /assistant \(demo/, /^Agent "assistant" uses demo \(demo\), because no key is set \(OPENAI_API_KEY, .*\)/m],
  [
    { OPENAI_API_KEY: "sk-1" },
    /assistant \(openai/,
    /^Agent "assistant" uses openai \(.+\), because OPENAI_API_KEY is set/m,
  ],
  [{ ANTHROPIC_API_KEY: "sk-2" }, /assistant \(anthropic/, /because ANTHROPIC_API_KEY is set/],
  [{ GEMINI_API_KEY: "sk-3" }, /assistant \(gemini/, /because GEMINI_API_KEY is set/],
];

async function task(sandbox: Sandbox, env: Readonly<Record<string, string>>) {
  const args = ["task", "serve", "--port", "0"];
  const surroundings = { cwd: ROOT, env: { ...sandbox.env, ...env } };
  return await listening(spawnProgram({ program: Deno.execPath(), args, ...surroundings }));
}

for (const [env, model, why] of PROVIDERS) {
  Deno.test(`deno task serve with ${JSON.stringify(env)} says what answers, and prints a curl line that works`, async () => {
    await inSandbox(async (sandbox) => {
      const server = await task(sandbox, env);
      try {
        const printed = server.printed();
        assert.match(printed, why);
        assert.match(printed, model);
        assert.ok(printed.includes(`http://localhost:${server.port}\n`), printed);
        assert.ok(printed.includes(`http://localhost:${server.port}/.well-known/agent-card.json\n`), printed);
        assert.ok(printed.includes(`${sandbox.env.XDG_DATA_HOME}/hector/hector.db\n`), printed);
        for (const key of Object.values(env)) assert.ok(!printed.includes(key), "a key is printed");
        if (Object.keys(env).length > 0) return;
        const curl = /^ *(curl .*)$/m.exec(printed)?.[1] ?? "";
        const { code, out } = await sandbox.paste(curl);
        assert.equal(code, 0, curl);
        assert.match(out, /Hello! I am hector's built-in demo model/);
      } finally {
        await server.stop("SIGTERM");
      }
    });
  });
}

Deno.test("serve prints lines that work with a credential where it asks who calls", () =>
  inSandbox(async ({ write, serve, paste }) => {
    const key = "k".repeat(32);
    const auth = `server: { auth: { api_keys: [{ key: "${key}", subject: service }] } }`;
    const server = await serve([await write("agents.yaml", `agents: { a: { llm: demo } }\n${auth}\n`), "--demo"]);
    const [, curl = "", call = ""] =
      /^Try it:\n +(curl .*)\n +HECTOR_TOKEN=… (hector call .*)$/m.exec(server.printed()) ?? [];
    for (const line of [curl, call]) {
      const { code, out } = await paste(line, { env: { HECTOR_TOKEN: key } });
      assert.equal(code, 0, line);
      assert.match(out, /Hello! I am hector's built-in demo model/);
    }
  }));

Deno.test("serve listens on 8080 unless it is told otherwise", async () => {
  await inSandbox(async (sandbox) => {
    const schema = JSON.parse((await sandbox.run(["schema"])).out);
    assert.equal(schema.properties.server.properties.port.default, 8080);
  });
});

Deno.test("serve finds the key in .env beside its file, and never shows it", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", "agents: { analyst: { llm: gpt-4o } }\n");
    await sandbox.write(".env", "OPENAI_API_KEY=sk-from-dotenv\n");
    const server = await sandbox.serve(["agents.yaml"]);
    assert.match(server.printed(), /analyst \(openai gpt-4o\)/);
    assert.ok(!server.printed().includes("sk-from-dotenv"));
  });
});

Deno.test("serve without the key that its file needs names the variable and --demo, and ends with 2", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", "agents: { analyst: { llm: claude-3-5-sonnet-20241022 } }\n");
    const { code, out, err } = await sandbox.run(["serve", "agents.yaml", "--port", "0"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(
      err,
      /^error: Cannot use model "claude-3-5-sonnet-20241022" of Anthropic: it needs a key; set ANTHROPIC_API_KEY/,
    );
    assert.match(err, /--demo/);
    assert.equal(err.trimEnd().split("\n").length, 1);
  });
});

Deno.test("serve tells of a wrong file with place and hint, and ends with 2", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", "agents:\n  analyst:\n    lm: gpt-4o\n");
    const { code, out, err } = await sandbox.run(["serve", "agents.yaml", "--port", "0"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /agents\.yaml:3:5: agents\.analyst\.lm: .*llm/);
  });
});

Deno.test("serve on a port that is taken says which, and ends with 1", async () => {
  await inSandbox(async (sandbox) => {
    const { port } = await sandbox.serve(["--demo"]);
    const env = { XDG_DATA_HOME: `${sandbox.folder}/other` };
    const { code, out, err } = await sandbox.run(["serve", "--demo", "--port", String(port)], { env });
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      new RegExp(`error: Cannot listen on 127\\.0\\.0\\.1:${port}: it is in use; choose another with --port\n$`),
    );
  });
});

Deno.test("serve on a store that another process has open says which process, and harms neither", async () => {
  await inSandbox(async (sandbox) => {
    const server = await sandbox.serve(["--demo"]);
    const { code, out, err } = await sandbox.run(["serve", "--demo", "--port", "0"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, new RegExp(`error: Cannot open the store ".*hector\\.db": process ${server.pid} has it open`));
    assert.equal((await sandbox.run(["call", "Hello", "--server", server.url])).code, 0);
  });
});

Deno.test("serve NAME makes an agent of the file the default one", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", "agents: { one: { llm: demo }, two: { llm: demo } }\n");
    const server = await sandbox.serve(["two", "--config", "agents.yaml"]);
    const card = await (await fetch(`${server.url}/.well-known/agent-card.json`)).json();
    assert.equal(card.name, "two");
  });
});

Deno.test("serve reads its file from the standard input", async () => {
  await inSandbox(async (sandbox) => {
    const server = await sandbox.serve(["-"], { stdin: "agents: { piped: { llm: demo } }\n" });
    assert.match(server.printed(), /piped \(demo/);
    assert.equal(await server.stop("SIGINT"), 0);
  });
});

Deno.test("serve logs as JSON lines when asked to", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", SCRIPTED_AGENTS);
    const server = await sandbox.serve(["agents.yaml", "--log-format", "json"]);
    assert.equal((await sandbox.run(["call", "fail", "--server", server.url])).code, 1);
    const [line] = await server.until(/^\{.*"message":"turn broke off".*\}$/m);
    assert.match(JSON.parse(line).error, /The key is wrong: check SOME_KEY/);
  });
});
