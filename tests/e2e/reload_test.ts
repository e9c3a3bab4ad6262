import assert from "node:assert/strict";
import type { HectorServer } from "./hector_process.ts";
import { answering, ask } from "./one_word_agent.ts";
import { inSandbox } from "./sandbox.ts";

async function ready({ url }: HectorServer) {
  const response = await fetch(`${url}/ready`);
  return { code: response.status, ...await response.json() };
}

Deno.test("serve --config-watch serves what its file comes to say, and keeps the last good one meanwhile", () =>
  inSandbox(async ({ write, serve }) => {
    const path = await write("a.yaml", answering("one"));
    const server = await serve(["--config", path, "--config-watch"]);
    assert.equal(await ask(server), "one");
    const first = await ready(server);
    await write("a.yaml", answering("two"));
    await server.until(/configuration is served/);
    assert.equal(await ask(server), "two");

    await write("a.yaml", "agents: [");
    await server.until(/configuration was refused.*a\.yaml:1:10/);
    assert.equal(await ask(server), "two");
    const stale = await ready(server);
    assert.deepEqual([stale.code, stale.config.state], [200, "stale"]);

    await Deno.remove(path);
    await server.until(/source of the configuration has a trouble/);
    assert.equal(await ask(server), "two");

    await write("a.yaml", answering("three"));
    await server.until(/configuration is served[^]*configuration is served/);
    assert.equal(await ask(server), "three");
    const last = await ready(server);
    assert.equal(last.config.state, "current");
    assert.notEqual(last.config.revision, first.config.revision);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("serve looks at its file again on SIGHUP, and not by itself", () =>
  inSandbox(async ({ write, serve }) => {
    const server = await serve([await write("a.yaml", answering("one"))]);
    await write("a.yaml", answering("two"));
    assert.equal(await ask(server), "one");
    server.signal("SIGHUP");
    await server.until(/configuration is served/);
    assert.equal(await ask(server), "two");
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("serve takes several files and folders with commas between", () =>
  inSandbox(async ({ write, serve, folder }) => {
    await write("base.yaml", "llms: {m: {provider: scripted, default: {text: one}}}\n");
    await write("agents/a.yaml", "agents: {a: {llm: m}}\n");
    await write("agents/b.yaml", "agents: {b: {llm: m}}\n");
    const server = await serve(["--config", "base.yaml,agents", "--watch"]);
    const agents = async () => (await (await fetch(`${server.url}/v1/agents`)).json()).total;
    assert.equal(await agents(), 2);
    await Deno.remove(`${folder}/agents/b.yaml`);
    await server.until(/configuration is served/);
    assert.equal(await agents(), 1);
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("serve with values of .env that changed takes them up with the next reload", () =>
  inSandbox(async ({ write, serve }) => {
    await write(".env", "WORD=one\n");
    const path = await write("a.yaml", answering("${WORD}"));
    const server = await serve([path]);
    assert.equal(await ask(server), "one");
    await write(".env", "WORD=two\n");
    server.signal("SIGHUP");
    await server.until(/configuration is served/);
    assert.equal(await ask(server), "two");
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

Deno.test("serve says what of a new configuration waits for a restart", () =>
  inSandbox(async ({ write, serve }) => {
    const server = await serve([await write("a.yaml", answering("one")), "--watch"]);
    await write("a.yaml", `${answering("two")}server: { drain_timeout_seconds: 1 }\n`);
    await server.until(/wait for a restart.*server\.drain_timeout_seconds/);
    assert.equal(await ask(server), "two");
    assert.equal(await server.stop("SIGTERM"), 0);
  }));

const REFUSED = [
  [["--config-type", "consul", "--config-endpoints", "127.0.0.1:1", "--config", "hector/config"], /127\.0\.0\.1:1/, 4],
  [["--config-type", "redis", "--config", "key"], /takes file, consul, etcd or zookeeper: found "redis"/, 2],
  [["--config-endpoints", "127.0.0.1:1", "--config", "a.yaml"], /files have no endpoints/, 2],
  [["--config-type", "consul"], /Flag "--config-type" needs --config/, 2],
  [["--config-endpoints", "127.0.0.1:1"], /Flag "--config-endpoints" needs --config/, 2],
  [
    ["--config-type", "etcd", "--config", "/k", "--config-endpoints", "a:b"],
    /Cannot use --config-type etcd: --config-endpoints: found "a:b", expected host:port$/m,
    2,
  ],
  [
    ["--config-type", "zookeeper", "--config", "hector"],
    /Cannot use --config-type zookeeper: --config: expected a path that begins with \//,
    2,
  ],
  [["--config", "nowhere.yaml"], /there is no such file/, 2],
] as const;

for (const [args, message, code] of REFUSED) {
  Deno.test(`serve ${args.join(" ")} says what is wrong, and ends with ${code}`, () =>
    inSandbox(async ({ run }) => {
      const finished = await run(["serve", ...args]);
      assert.match(finished.err, message);
      assert.equal(finished.code, code);
    }));
}

const WITH_TOOL = `agents: {a: {llm: m, tools: [word]}}
tools: {word: {type: typescript, path: word.ts}}
llms:
  m:
    provider: scripted
    rules: [{match: {tool_result: true}, reply: {text: "{{tool_result}}"}}]
    default: {calls: [{name: word, arguments: {}}]}
`;

function wordTool(word: string): string {
  return `export default {
  description: "Says a word", input: { type: "object" }, needsApproval: false, run: () => "${word}",
};\n`;
}

for (const how of ["when it is saved", "on SIGHUP"] as const) {
  Deno.test(`serve takes up the file of a tool ${how}, and none that is broken`, () =>
    inSandbox(async ({ write, serve }) => {
      await write("word.ts", wordTool("one"));
      const args = [await write("a.yaml", WITH_TOOL), ...how === "on SIGHUP" ? [] : ["--config-watch"]];
      const server = await serve(args);
      const take = () => how === "on SIGHUP" ? server.signal("SIGHUP") : undefined;
      assert.equal(await ask(server), "one");
      await write("word.ts", "export default {");
      take();
      await server.until(/configuration was refused.*word\.ts/);
      assert.equal(await ask(server), "one");
      await write("word.ts", wordTool("two"));
      take();
      await server.until(/configuration is served/);
      assert.equal(await ask(server), "two");
      assert.equal((await ready(server)).config.state, "current");
      assert.equal(await server.stop("SIGTERM"), 0);
    }));
}
