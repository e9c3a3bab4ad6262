import assert from "node:assert/strict";
import { type HectorServer } from "../e2e/hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox, type Sandbox } from "../e2e/sandbox.ts";
import { npmPackages, run } from "./tool_folder.ts";

/*
 * Foreign gRPC clients against `hector serve`: @grpc/grpc-js and @a2a-js/sdk in Node, and `buf curl` (Go) by reflection.
 * deno run -A tests/conformance/grpc_peers.ts
 */

const ESSAY = Array.from({ length: 20 }, (_, line) => `Sentence ${line + 1}.`).join(" ");
const agents = (delayMs: number | string) => `
llms:
  actor:
    provider: scripted
    rules:
      - { match: { text: ask }, reply: { stop: input_required, text: "Which?" } }
      - { match: { text: slow }, reply: { text: "${ESSAY}", chunk_chars: 40, delay_ms: ${delayMs} } }
    default: { text: "Short and good." }
agents: { worker: { llm: actor } }
`;
const definitions = new URL("../../proto", import.meta.url).pathname;
const client = new URL("grpc_js_client.mjs", import.meta.url).pathname;
const packages = await npmPackages("grpc", ["@grpc/grpc-js@1.14", "@grpc/proto-loader@0.8", "@bufbuild/buf@1.75.0"]);

const sdks = await npmPackages("sdk", [
  "@a2a-js/sdk@1.3.0",
  "@a2a-js/sdk-0.3@npm:@a2a-js/sdk@0.3.14",
  "@grpc/grpc-js@1.14",
  "@bufbuild/protobuf@2",
]);

/** What every scenario has to say: [name, answer]. */
const SCENARIOS: readonly (readonly [string, unknown])[] = [
  ["health", { status: "SERVING" }],
  ["unary", { state: "TASK_STATE_COMPLETED", parts: 1 }],
  ["unary_v0_3", { state: "TASK_STATE_COMPLETED" }],
  ["stream", { last: "TASK_STATE_COMPLETED", length: 15, lastEventId: true }],
  ["stream_v0_3", { final: true }],
  ["errors", { code: 5, details: 'Task "nope" was not found', info: true }],
  ["deadline", { code: 4, soon: true }],
  ["cancel", { code: 1, state: "TASK_STATE_WORKING" }],
  ["gzip", { state: "TASK_STATE_COMPLETED" }],
  ["large", { same: true }],
  ["too_large", { code: 8 }],
  ["parallel", { completed: 300 }],
  ["sequential", { done: true }],
  ["polite_goodbyes", { done: true }],
  ["cancelled_all", { status: "SERVING" }],
];

let failed = 0;

async function check(name: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    console.log("ok    ", name);
  } catch (thrown) {
    failed++;
    console.log("FAILED", name, thrown instanceof Error ? thrown.message : thrown);
  }
}

async function inNode(port: number, scenario: string, argument = ""): Promise<unknown> {
  const { code, out, err } = await run("node", [client, packages, definitions, String(port), scenario, argument]);
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

function grpcPort(server: HectorServer): number {
  return Number(/^ {2}grpc +\S+:(\d+)$/m.exec(server.printed())?.[1]);
}

async function bufCurl(port: number, path: string, data: unknown): Promise<string> {
  const { code, out, err } = await run(`${packages}/node_modules/.bin/buf`, [
    "curl",
    "--protocol=grpc",
    "--http2-prior-knowledge",
    ...(data === undefined ? ["--list-methods"] : ["--data", JSON.stringify(data)]),
    `http://127.0.0.1:${port}${path}`,
  ]);
  assert.equal(code, 0, err);
  return out;
}

async function checkPeers(port: number, place: string): Promise<void> {
  for (const [name, answer] of SCENARIOS) {
    await check(`${place}: grpc-js ${name}`, async () => assert.deepEqual(await inNode(port, name), answer));
  }
  await check(`${place}: buf curl lists methods by reflection`, async () => {
    assert.match(await bufCurl(port, "", undefined), /^lf\.a2a\.v1\.A2AService\/SendStreamingMessage$/m);
  });
  await check(`${place}: buf curl calls 0.3 as the API reference writes it`, async () => {
    const request = { request: { role: "ROLE_USER", content: [{ text: "Hello" }] } };
    assert.match(await bufCurl(port, "/a2a.v1.A2AService/SendMessage", request), /Short and good\./);
  });
}

/** [the SDK, the version that it speaks, its words for a question and for a status event] */
const SDKS = [
  ["@a2a-js/sdk", "1.0", "input_required", "statusUpdate"],
  ["@a2a-js/sdk", "0.3", "input_required", "statusUpdate"],
  ["@a2a-js/sdk-0.3", "0.3", "input-required", "status-update"],
] as const;
const sdkClient = new URL("sdk_grpc_client.mjs", import.meta.url).pathname;

async function checkSdks({ url }: HectorServer): Promise<void> {
  const card = `${url}/.well-known/agent-card.json`;
  for (const [sdk, version, asked, status] of SDKS) {
    await check(`${sdk} over gRPC ${version}: every operation`, async () => {
      const { code, out, err } = await run("node", [sdkClient, sdks, sdk, card, version]);
      assert.equal(code, 0, err);
      assert.deepEqual(JSON.parse(out), {
        sent: "completed",
        asked,
        read: ["completed", 1],
        stream: ["task", status],
        subscription: ["task", status],
        hooks: [true, 1, 0],
        canceled: "canceled",
        unknown: "TaskNotFoundError",
        over: "TaskNotCancelableError",
      });
    });
  }
}

async function checkDrain(sandbox: Sandbox): Promise<void> {
  const port = String(freePort());
  // A task goes on under the configuration that it began with; its variables are those of the new start.
  const config = await sandbox.write("slow.yaml", agents('"${DELAY_MS}"'));
  const first = await sandbox.serve([config, "--grpc-port", port], { env: { DELAY_MS: "3600000" } });
  await check("SIGTERM ends a stream so that it goes on at the next start, word for word", async () => {
    const node = new Deno.Command("node", {
      args: [client, packages, definitions, port, "until_drained"],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stderr = node.stderr.getReader();
    await stderr.read();
    assert.equal(await first.stop("SIGTERM"), 0);
    const { id, seq, text, code } = JSON.parse(await new Response(node.stdout).text());
    await stderr.cancel();
    await node.status;
    assert.equal(code, 14);
    await sandbox.serve([config, "--grpc-port", port], { env: { DELAY_MS: "0" } });
    const resumed = await inNode(Number(port), "resumed", JSON.stringify({ id, seq, text }));
    assert.deepEqual(resumed, { text: ESSAY, last: "TASK_STATE_COMPLETED" });
  });
}

await inSandbox(async (sandbox) => {
  const own = await sandbox.serve([await sandbox.write("own.yaml", agents(200)), "--grpc-port", "0"]);
  await checkPeers(grpcPort(own), "own port");
  await checkSdks(own);
  await own.stop("SIGTERM");
  const port = String(freePort());
  const shared = await sandbox.spawn([
    "serve",
    await sandbox.write("shared.yaml", agents(200)),
    "--port",
    port,
    "--grpc-port",
    port,
  ]);
  await shared.until(/hector call/);
  await checkPeers(Number(port), "shared port");
  shared.signal("SIGTERM");
  await shared.ended;
  await checkDrain(sandbox);
});
console.log(failed === 0 ? "all ok" : `${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
