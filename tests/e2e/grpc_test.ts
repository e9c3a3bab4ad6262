import assert from "node:assert/strict";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { Http2Connection } from "../../src/lib/http2/http2_connection.ts";
import { tcpBytes } from "../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { answerOf, ask, beginCall } from "../lib/grpc/grpc_client.ts";
import { type HectorServer } from "./hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox } from "./sandbox.ts";

const codec = await loadCodec();
const V1 = "/lf.a2a.v1.A2AService";
const agents = (delayMs: number) => `
llms: { actor: { provider: scripted, default: { text: "One two three.", chunk_chars: 4, delay_ms: ${delayMs} } } }
agents: { first: { llm: actor }, second: { llm: actor } }
`;
const NEVER_MS = 3_600_000;

function grpcPortOf(server: HectorServer): number {
  const port = /^ {2}grpc +localhost:(\d+)$/m.exec(server.printed())?.[1];
  assert.ok(port, server.printed());
  return Number(port);
}

async function withConnection(port: number, act: (connection: Http2Connection) => Promise<void>): Promise<void> {
  const bytes = tcpBytes(await Deno.connect({ hostname: "127.0.0.1", port }));
  const connection = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = connection.run();
  try {
    await act(connection);
  } finally {
    connection.drain();
    await over;
  }
}

function sendRequest(text: string): Uint8Array<ArrayBuffer> {
  return codec.message("lf.a2a.v1.SendMessageRequest").encode({
    message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] },
  });
}

async function assertAnswers(port: number): Promise<void> {
  await withConnection(port, async (connection) => {
    const { messages, trailers } = await ask(connection, `${V1}/SendMessage`, sendRequest("Hello"));
    assert.equal(trailers.get("grpc-status"), "0", trailers.get("grpc-message"));
    const [response = new Uint8Array(0)] = messages;
    assert.match(JSON.stringify(codec.message("lf.a2a.v1.SendMessageResponse").decode(response)), /One two three\./);
  });
}

Deno.test("hector serve speaks gRPC on a port that the greeting and the cards name", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", agents(0));
    const server = await sandbox.serve(["agents.yaml", "--grpc-port", "0"]);
    const port = grpcPortOf(server);
    await assertAnswers(port);
    const cardOf = async (agent: string) => {
      const headers = { "a2a-version": "1.0" };
      const card = await (await fetch(`${server.url}/agents/${agent}/.well-known/agent-card.json`, { headers })).json();
      return card.supportedInterfaces.filter((entry: { protocolBinding: string }) => entry.protocolBinding === "GRPC");
    };
    const v1 = { url: `localhost:${port}`, protocolBinding: "GRPC", protocolVersion: "1.0" };
    const v03 = { url: `http://localhost:${port}`, protocolBinding: "GRPC", protocolVersion: "0.3" };
    assert.deepEqual(await cardOf("first"), [{ ...v1, tenant: "first" }, v03]);
    assert.deepEqual(await cardOf("second"), [{ ...v1, tenant: "second" }]);
  });
});

Deno.test("hector serve shares one port when both are the same", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", `${agents(0)}server: { port: 8080, grpc_port: 8080 }`);
    const port = String(freePort());
    const server = await sandbox.serve(["agents.yaml", "--port", port, "--grpc-port", port]);
    assert.equal(grpcPortOf(server), Number(port));
    await assertAnswers(Number(port));
    assert.equal((await (await fetch(`http://127.0.0.1:${port}/health`)).json()).status, "ok");
    assert.equal(await server.stop("SIGTERM"), 0);
  });
});

Deno.test("hector serve leaves gRPC out when told so, and refuses a chosen port that is taken", async () => {
  await inSandbox(async (sandbox) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await sandbox.write("off.yaml", `${agents(0)}server: { grpc_port: false }`);
    const server = await sandbox.serve(["off.yaml"]);
    assert.doesNotMatch(server.printed(), /grpc/);
    assert.equal(await server.stop("SIGTERM"), 0);
    const refused = await sandbox.run(["serve", "off.yaml", "--port", "0", "--grpc-port", String(taken.addr.port)]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /in use; choose another with server\.grpc_port/);
    taken.close();
  });
});

Deno.test("SIGTERM ends a gRPC stream with UNAVAILABLE, and the process with it", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("slow.yaml", agents(NEVER_MS));
    const server = await sandbox.serve(["slow.yaml", "--grpc-port", "0"]);
    await withConnection(grpcPortOf(server), async (connection) => {
      const stream = await beginCall(connection, `${V1}/SendStreamingMessage`, { messages: [sendRequest("Hello")] });
      await stream.head();
      const [code, answer] = await Promise.all([server.stop("SIGTERM"), answerOf(stream)]);
      assert.equal(code, 0);
      assert.equal(answer.trailers.get("grpc-status"), "14");
      assert.ok(Number(answer.trailers.get("last-event-id")) > 0);
    });
  });
});
