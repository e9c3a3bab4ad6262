import assert from "node:assert/strict";
import { copyConfigs } from "./copy_configs.ts";
import { ROOT } from "./hector_process.ts";
import { installNpx } from "./reference_servers.ts";
import { inSandbox } from "./sandbox.ts";

/** [file, flags, message, what is answered, exit code] */
const EXAMPLES: readonly [file: string, flags: readonly string[], says: string, answer: RegExp, code: number][] = [
  ["quickstart.yaml", ["--demo"], "Analyze system architecture", /^You asked: Analyze system architecture\n/, 0],
  ["scripted.yaml", [], "hello", /^You said: hello\n$/, 0],
  ["scripted.yaml", [], "plan a trip", /^One moment\.\n\nPlanned\.\n$/, 0],
  ["scripted.yaml", [], "book a table", /^For which day\?\n$/, 0],
  ["scripted.yaml", [], "fail", /^$/, 1],
  ["scripted.yaml", [], "count", /^one two three four five six seven eight nine ten\n$/, 0],
  ["documents.yaml", [], "Search the door code", /\[handbook\] documents\/office\.md:1-5/, 0],
  ["documents.yaml", [], "Search receipts", /\[handbook\] documents\/travel\.md/, 0],
  ["coding.yaml", [], "Search the door code", /\[project\] documents\/office\.md/, 0],
  ["research-assistant.yaml", [], "Search receipts", /\[library\] documents\/travel\.md/, 0],
  ["orchestrator-example.yaml", [], "Plan a release", /^You asked: Plan a release\n/, 0],
  ["observability-example.yaml", [], "Hello", /^Hello! /, 0],
  ["security-example.yaml", [], "Search the door code", /\[handbook\] documents\/office\.md/, 0],
  ["multi-agent-sessions-example.yaml", [], "Hello", /^Hello! /, 0],
  ["weather-agent.yaml", [], "Search the door code", /\[handbook\] documents\/office\.md/, 0],
  ["tools-mcp-example.yaml", [], "Search the door code", /\[handbook\] documents\/office\.md/, 0],
];

/** The examples that the description names. */
const NAMED = [
  "coding",
  "research-assistant",
  "orchestrator-example",
  "observability-example",
  "security-example",
  "multi-agent-sessions-example",
  "tools-mcp-example",
];

/** What the examples tell their reader to put into the environment. */
const SECRETS = { HECTOR_API_KEY: "a-key-of-the-test", HECTOR_TOKEN: "a-key-of-the-test" };

/** Driven by the conformance kits, whose messages it is made for. */
const OF_KITS = /^conformance/;

Deno.test("every example configuration starts without a key and answers", async () => {
  await inSandbox(async (sandbox) => {
    await copyConfigs(sandbox.folder);
    await installNpx(sandbox);
    for (const file of new Set(EXAMPLES.map(([file]) => file))) {
      const rows = EXAMPLES.filter(([name]) => name === file);
      const env = { XDG_DATA_HOME: `${sandbox.folder}/data/${file}`, ...SECRETS };
      const server = await sandbox.serve([file, ...rows[0]?.[1] ?? []], { env });
      await Promise.all(rows.map(async ([, , says, answer, code]) => {
        const { out, err, ...ended } = await sandbox.run(["call", says, "--server", server.url], { env });
        const told = `${file}: ${says}: ${ended.code}\n${out}\n${err}`;
        assert.equal(ended.code, code, told);
        assert.match(out, answer, told);
      }));
    }
  });
});

Deno.test("the example of security answers nobody without a key, and lists what is public", async () => {
  await inSandbox(async (sandbox) => {
    await copyConfigs(sandbox.folder);
    const server = await sandbox.serve(["security-example.yaml"], { env: SECRETS });
    const stranger = await sandbox.run(["call", "Hello", "--server", server.url]);
    assert.equal(stranger.code, 3, stranger.err);
    const listed = await (await fetch(`${server.url}/v1/agents`)).text();
    assert.deepEqual(["public-assistant", "staff-assistant", "internal-analyst"].map((id) => listed.includes(id)), [
      true,
      false,
      false,
    ]);
  });
});

Deno.test("the examples that the first description names are there, in the newest spelling, and valid", async () => {
  await inSandbox(async (sandbox) => {
    await copyConfigs(sandbox.folder);
    const files = NAMED.map((name) => `${name}.yaml`);
    const { code, out, err } = await sandbox.run(["validate", "--explain", ...files], { env: SECRETS });
    assert.equal(code, 0, err);
    assert.deepEqual(out.trim().split("\n").map((line) => line.split(":")[0]), files);
  });
});

Deno.test("no example configuration is left untried", async () => {
  const tried = new Set(EXAMPLES.map(([file]) => file));
  for await (const { name, isFile } of Deno.readDir(`${ROOT}configs`)) {
    if (isFile && /\.ya?ml$/.test(name) && !OF_KITS.test(name)) assert.ok(tried.has(name), name);
  }
});
