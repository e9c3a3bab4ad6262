import assert from "node:assert/strict";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { ask } from "../lib/grpc/grpc_client.ts";
import { FIRST, SECOND } from "../server/door/certificates.ts";
import { http2On } from "../server/open_test_ports.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";

const AGENTS = `
llms: { actor: { provider: scripted, default: { text: "One two three." } } }
agents: { first: { llm: actor } }
`;

async function withFiles(act: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  await inSandbox(async (sandbox) => {
    await sandbox.write("cert.pem", FIRST.cert);
    await sandbox.write("key.pem", FIRST.key);
    await act(sandbox);
  });
}

async function serve(sandbox: Sandbox, server: string, ...args: readonly string[]) {
  const file = await sandbox.write("agents.yaml", `${AGENTS}server: ${server}\n`);
  const running = sandbox.spawn(["serve", file, ...args]);
  const [, port] = await running.until(/https:\/\/localhost:(\d+)[^]*hector call/);
  return { running, url: `https://127.0.0.1:${port}`, grpc: Number(/grpc +\S+:(\d+)/.exec(running.printed())?.[1]) };
}

const send = {
  method: "POST",
  headers: { "content-type": "application/json", "a2a-version": "1.0" },
  body: JSON.stringify({ message: { messageId: "1", role: "ROLE_USER", parts: [{ text: "Hello" }] } }),
};

async function overGrpc(port: number): Promise<string> {
  const codec = await loadCodec();
  const tcp = await Deno.connect({ hostname: "127.0.0.1", port });
  tcp.setNoDelay(true);
  const options = { hostname: "127.0.0.1", caCerts: [FIRST.cert], alpnProtocols: ["h2"] };
  const { client, over } = http2On(await Deno.startTls(tcp, options));
  const request = codec.message("lf.a2a.v1.SendMessageRequest").encode(JSON.parse(send.body));
  const { messages, trailers } = await ask(client, "/lf.a2a.v1.A2AService/SendMessage", request);
  client.drain();
  await over;
  assert.equal(trailers.get("grpc-status"), "0", trailers.get("grpc-message"));
  return JSON.stringify(codec.message("lf.a2a.v1.SendMessageResponse").decode(messages[0] ?? new Uint8Array(0)));
}

for (const shared of [false, true]) {
  Deno.test(`hector serve speaks TLS on ${shared ? "one port" : "a port each"}, and says so in its greeting and on its cards`, async () => {
    await withFiles(async (sandbox) => {
      const tls = "tls: { cert_file: cert.pem, key_file: key.pem }";
      const port = String(shared ? freePort() : 0);
      const { running, url, grpc } = await serve(sandbox, `{ ${tls} }`, "--port", port, "--grpc-port", port);
      const client = Deno.createHttpClient({ caCerts: [FIRST.cert] });
      try {
        const answer = await fetch(`${url}/agents/first/message:send`, { ...send, client });
        assert.match(await answer.text(), /One two three\./);
        const headers = { "a2a-version": "1.0" };
        const card = await (await fetch(`${url}/.well-known/agent-card.json`, { headers, client })).json();
        const urls = card.supportedInterfaces.map((entry: { url: string }) => entry.url);
        const place = `localhost:${new URL(url).port}`;
        assert.deepEqual(
          new Set(urls),
          new Set([`https://${place}/agents/first`, `localhost:${grpc}`, `https://localhost:${grpc}`]),
        );
        assert.match(await overGrpc(grpc), /One two three\./);
        await assert.rejects(fetch(url.replace("https", "http")));
      } finally {
        client.close();
      }
      running.signal("SIGTERM");
      assert.equal((await running.ended).code, 0);
    });
  });
}

Deno.test("hector serve asks callers for certificates when it is told whose", async () => {
  await withFiles(async (sandbox) => {
    await sandbox.write("ca.pem", SECOND.cert);
    const tls = "tls: { cert_file: cert.pem, key_file: key.pem, client_ca_file: ca.pem, min_version: '1.3' }";
    const { url } = await serve(sandbox, `{ port: 0, grpc_port: false, ${tls} }`);
    const [stranger, guest] = [{}, SECOND].map((shown) => Deno.createHttpClient({ caCerts: [FIRST.cert], ...shown }));
    await assert.rejects(fetch(`${url}/health`, { client: stranger }));
    assert.equal((await (await fetch(`${url}/health`, { client: guest })).json()).status, "ok");
    stranger?.close();
    guest?.close();
  });
});

Deno.test("hector serve says which TLS file cannot be used, and why", async () => {
  await withFiles(async (sandbox) => {
    await sandbox.write("other.pem", SECOND.key);
    for (
      const [keyFile, told] of [
        ["none.pem", /server\.tls\.key_file "\S+none\.pem": there is no such file/],
        [
          "other.pem",
          /server\.tls\.key_file "\S+other\.pem": its key does not belong to the certificate in "\S+cert\.pem"/,
        ],
      ] as const
    ) {
      const file = await sandbox.write(
        "agents.yaml",
        `${AGENTS}server: { port: 0, tls: { cert_file: cert.pem, key_file: ${keyFile} } }\n`,
      );
      const { code, err } = await sandbox.run(["serve", file]);
      assert.notEqual(code, 0);
      assert.match(err, told);
    }
    const off = `${AGENTS}server: { port: 0, grpc_port: false, tls: { enabled: false, cert_file: a, key_file: b } }\n`;
    await sandbox.serve([await sandbox.write("agents.yaml", off)]);
  });
});

Deno.test("hector serve on every network cuts who never ends its head, and lets the others be", async () => {
  await inSandbox(async (sandbox) => {
    const limits = "limits: { header_timeout_seconds: 2, max_connections: 50 }";
    const file = await sandbox.write(
      "agents.yaml",
      `${AGENTS}server: { host: 0.0.0.0, port: 0, grpc_port: 0, ${limits} }\n`,
    );
    const server = await sandbox.serve([file]);
    const slow = await Promise.all(
      Array.from({ length: 40 }, () => Deno.connect({ hostname: "127.0.0.1", port: server.port })),
    );
    for (const connection of slow) await connection.write(new TextEncoder().encode("POST / HT"));
    assert.equal((await (await fetch(`${server.url}/health`)).json()).status, "ok");
    for (const connection of slow) {
      assert.equal(await connection.read(new Uint8Array(1)).catch(() => null), null);
      connection.close();
    }
    assert.equal((await (await fetch(`${server.url}/health`)).json()).status, "ok");
    assert.equal(await server.stop("SIGTERM"), 0);
  });
});

for (const transport of ["jsonrpc", "grpc"]) {
  Deno.test(`the commands show their certificate and trust another authority, over ${transport}`, async () => {
    await withFiles(async (sandbox) => {
      await sandbox.write("ca.pem", SECOND.cert);
      const cert = await sandbox.write("me.pem", SECOND.cert);
      const key = await sandbox.write("me.key", SECOND.key);
      const ca = `${sandbox.folder}/cert.pem`;
      const tls = "tls: { cert_file: cert.pem, key_file: key.pem, client_ca_file: ca.pem }";
      const options = `{ ${tls}, transport: ${transport}, studio: { enabled: true } }`;
      const { url } = await serve(sandbox, options, "--port", "0", "--grpc-port", "0");
      const at = ["--server", url.replace("127.0.0.1", "localhost")];
      const flags = ["--ca-cert", ca, "--client-cert", cert, "--client-key", key];
      assert.equal((await sandbox.run(["call", "Hi", ...at, ...flags])).out, "One two three.\n");
      const env = { HECTOR_CA_CERT: ca, HECTOR_CLIENT_CERT: cert, HECTOR_CLIENT_KEY: key };
      assert.match((await sandbox.run(["list", ...at], { env })).out, /^first /m);
      assert.match((await sandbox.run(["config", "state", ...at], { env })).out, /"state": "current"/);
      const stranger = await sandbox.run(["call", "Hi", ...at]);
      assert.deepEqual([stranger.code, /its certificate is not trusted/.test(stranger.err)], [4, true]);
      const nobody = await sandbox.run(["call", "Hi", ...at, "--ca-cert", ca]);
      assert.deepEqual([nobody.code, /Cannot reach/.test(nobody.err)], [4, true]);
    });
  });
}
