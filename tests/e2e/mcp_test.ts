import assert from "node:assert/strict";
import { serveModern, startProgram } from "../tool/mcp/tool_servers.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";

/* `hector serve` and its servers of tools, as processes. */

/** Calls the tool, and answers with what came of it. */
const LLM = {
  provider: "scripted",
  rules: [{ match: { tool_result: true }, reply: { text: "{{tool_result}}" } }],
  default: { calls: [{ name: "act" }] },
};

/** A configuration with a server over stdio that writes its process id, and that of a child, into files. */
async function withProgram(sandbox: Sandbox): Promise<string> {
  const reaction = `
    if (method === "initialize") {
      const { writeFileSync } = await import("node:fs");
      const { spawn } = await import("node:child_process");
      const child = spawn("sleep", ["600"], { stdio: "ignore" });
      writeFileSync("pids", process.pid + " " + child.pid);
      process.on("SIGTERM", () => {});
    }`;
  const program = await startProgram(sandbox.folder, reaction);
  const config = {
    agents: { a: { llm: "m", tools: ["s"] } },
    llms: { m: LLM },
    tools: { s: { type: "mcp", ...program } },
  };
  return await sandbox.write("agents.yaml", JSON.stringify(config));
}

async function pidsIn({ folder }: Sandbox): Promise<number[]> {
  return (await Deno.readTextFile(`${folder}/pids`)).split(" ").map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`hector serve leaves no server of tools behind after ${signal}`, async () => {
    await inSandbox(async (sandbox) => {
      const server = await sandbox.serve([await withProgram(sandbox)]);
      const { out, err } = await sandbox.run(["call", "go", "--server", server.url]);
      assert.match(out, /^acted$/m, err);
      const pids = await pidsIn(sandbox);
      assert.deepEqual(pids.map(isAlive), [true, true]);
      assert.equal(await server.stop(signal), 0);
      assert.deepEqual(pids.map(isAlive), [false, false]);
    });
  });
}

Deno.test("hector serve --mcp-url uses the tools of that server", async () => {
  await using tools = serveModern((server) => {
    server.registerTool("greet", { description: "Greets" }, () => ({ content: [{ type: "text", text: "Hello" }] }));
  });
  const { url } = Object(tools.options);
  await inSandbox(async (sandbox) => {
    const server = await sandbox.serve(["--mcp-url", url]);
    await sandbox.run(["call", "hi", "--server", server.url]);
    assert.ok(tools.requests.some(({ headers }) => headers.get("mcp-method") === "tools/list"));
  });
});
