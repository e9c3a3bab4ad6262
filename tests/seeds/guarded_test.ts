import assert from "node:assert/strict";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { Http2Connection } from "../../src/lib/http2/http2_connection.ts";
import { tcpBytes } from "../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox } from "../e2e/sandbox.ts";
import { ask } from "../lib/grpc/grpc_client.ts";
import { type Answering, checkExample, requestOf } from "./check_example.ts";
import { differences, textsIn } from "./conforms.ts";
import type { CurlExample, GrpcExample, Guard, RequestExample } from "./example.ts";
import { toGrpcCall } from "./grpcurl.ts";
import { GUARDS } from "./guards.ts";
import { SEED_001 } from "./seed_001.ts";
import { SEED_002 } from "./seed_002.ts";
import { SEED_003 } from "./seed_003.ts";

/* The examples of servers that ask their callers who they are, against the real program, and those of grpcurl. */

const ROWS = [...SEED_001, ...SEED_002, ...SEED_003];
const STRANGERS = new Set([401, 403]);

type Guarded = CurlExample | RequestExample;

/** With its credential an example is answered as it is shown; without it, only if it is open to everybody. */
async function check(row: Guarded, live: Answering): Promise<void> {
  await checkExample(row, live);
  if (row.isOpen === true) return;
  const request = requestOf(row, { token: live.token });
  for (const name of ["authorization", "x-api-key"]) request.headers.delete(name);
  const refused = await live.fetch(request);
  await refused.body?.cancel();
  assert.ok(STRANGERS.has(refused.status), `${row.name}: a stranger is answered with ${refused.status}`);
}

for (const guard of ["secret", "keys", "tokens"] as const satisfies readonly Guard[]) {
  const rows = ROWS.filter((row): row is Guarded => row.kind === "http" && row.guard === guard);
  Deno.test(`the examples of a server that asks for ${guard} work (${rows.length} of them)`, async () => {
    assert.ok(rows.length > 0);
    const { yaml, token } = GUARDS[guard];
    await inSandbox(async (sandbox) => {
      await sandbox.write("agents.yaml", yaml);
      const { port } = await sandbox.serve(["--config", "agents.yaml"]);
      const there = (request: Request) =>
        fetch(new Request(request.url.replace(/localhost:\d+/, `localhost:${port}`), request));
      for (const row of rows) await check(row, { fetch: there, token });
    });
  });
}

async function callOver(connection: Http2Connection, row: GrpcExample, token: string): Promise<void> {
  const codec = await loadCodec();
  const { path, json, metadata, input, output } = toGrpcCall(row.grpcurl.replaceAll("$TOKEN", token));
  const { messages, trailers } = await ask(connection, path, codec.message(input).encode(json), { metadata });
  assert.equal(trailers.get("grpc-status"), "0", trailers.get("grpc-message"));
  const heard = messages.map((message) => codec.message(output).decode(message));
  assert.deepEqual(differences(heard, row.receives), [], row.name);
  if (row.says !== undefined) assert.equal(textsIn(heard).join(""), row.says);
}

Deno.test("the command lines of grpcurl work on the port that HTTP has, where callers are asked", async () => {
  const rows = ROWS.filter((row): row is GrpcExample => row.kind === "grpc");
  assert.ok(rows.length > 0);
  const { yaml, token } = GUARDS.tokens;
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", yaml);
    const port = String(freePort());
    await sandbox.serve(["--config", "agents.yaml", "--port", port, "--grpc-port", port]);
    const bytes = tcpBytes(await Deno.connect({ hostname: "127.0.0.1", port: Number(port) }));
    const connection = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
    const over = connection.run();
    try {
      for (const row of rows) await callOver(connection, row, token);
    } finally {
      connection.drain();
      await over;
    }
  });
});
