import assert from "node:assert/strict";
import { z } from "zod";
import { type HectorServer } from "../e2e/hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox } from "../e2e/sandbox.ts";
import { wiresTo } from "../server/auth/wires.ts";
import { npmPackages } from "./tool_folder.ts";

/*
 * `hector serve` and a real OpenID provider (oidc-provider in Node): discovery, tokens over every binding, a provider that
 * is down, rotated keys. deno run -A tests/conformance/oidc.ts
 */

const script = new URL("oidc_provider.mjs", import.meta.url).pathname;
const packages = await npmPackages("oidc", ["oidc-provider@9.13.3"]);
const port = freePort();
const issuer = `http://127.0.0.1:${port}`;
const CONFIG = `
llms: { actor: { provider: demo } }
agents: { desk: { llm: actor }, inner: { llm: actor, visibility: internal } }
server: { auth: { issuer: "${issuer}", audience: hector-api, required_claims: { tenant_id: "*" } } }
`;

async function startProvider(kid: string): Promise<AsyncDisposable> {
  const args = [script, packages, String(port), kid];
  const child = new Deno.Command("node", { args, stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /listening/);
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await Promise.all([reader.cancel(), child.status]);
    },
  };
}

const Granted = z.object({ access_token: z.string() });

async function grant(client = "service", resource = "urn:hector:api"): Promise<Record<string, string>> {
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client}:a+secret+of+the+client`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "agents:call", resource }),
  });
  return { authorization: `Bearer ${Granted.parse(await response.json()).access_token}` };
}

/** What each binding tells: nothing for an answer, else the reason; a socket that does not open tells none. */
async function toldBy(server: HectorServer, headers: Record<string, string>): Promise<unknown[]> {
  const grpcPort = Number(/^ {2}grpc +\S+:(\d+)$/m.exec(server.printed())?.[1]);
  const wires = wiresTo({ url: server.url, grpcPort, printed: server.printed, [Symbol.asyncDispose]: async () => {} });
  return await Promise.all(wires.map(async (wire) => {
    const outcome = await wire.ask("ListTasks", {}, headers);
    return "reason" in outcome ? outcome.reason : "answered";
  }));
}

const ANSWERED = ["answered", "answered", "answered", "answered"];
const refused = (reason: string) => [reason, reason, reason, "none"];
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

await inSandbox(async (sandbox) => {
  await sandbox.write("agents.yaml", CONFIG);
  const server = await sandbox.serve(["agents.yaml", "--grpc-port", "0"]);
  const first = await startProvider("first");
  const token = await grant();
  await first[Symbol.asyncDispose]();

  await check("a server starts without its provider, and a token is 503, not 401, while it is down", async () => {
    assert.deepEqual(await toldBy(server, token), refused("UNAVAILABLE"));
  });
  await check("no credential is 401 all the same, and the card tells where to get one", async () => {
    assert.deepEqual(await toldBy(server, {}), refused("UNAUTHENTICATED"));
    const card = await (await fetch(`${server.url}/agents/desk`, { headers: { "a2a-version": "1.0" } })).json();
    const { openIdConnectUrl } = card.securitySchemes.OpenIdConnect.openIdConnectSecurityScheme;
    assert.equal(openIdConnectUrl, `${issuer}/.well-known/openid-configuration`);
  });
  await cooldown();
  {
    await using _provider = await startProvider("second");
    const good = await grant();
    await check("a token of the provider is good over every binding", async () => {
      assert.deepEqual(await toldBy(server, good), ANSWERED);
    });
    await check("a token for another audience is not", async () => {
      assert.deepEqual(await toldBy(server, await grant("service", "urn:another:api")), refused("UNAUTHENTICATED"));
    });
    await check("a token whose key is gone is not", async () => {
      assert.deepEqual(await toldBy(server, token), refused("UNAUTHENTICATED"));
    });
    await check("tenants see what is theirs alone", async () => {
      const headers = { "content-type": "application/json", "a2a-version": "1.0" };
      const message = { messageId: "m", role: "ROLE_USER", parts: [{ text: "hi" }] };
      const send = { method: "POST", headers: { ...headers, ...good }, body: JSON.stringify({ message }) };
      assert.equal((await fetch(`${server.url}/agents/inner/message:send`, send)).status, 200);
      const count = async (who: Record<string, string>) =>
        (await (await fetch(`${server.url}/agents/inner/tasks`, { headers: { ...headers, ...who } })).json()).totalSize;
      assert.deepEqual([await count(good), await count(await grant("other"))], [1, 0]);
    });
    await cooldown();
  }
  {
    await using _provider = await startProvider("third");
    await check("a rotated key is taken without a restart", async () => {
      assert.deepEqual(await toldBy(server, await grant()), ANSWERED);
    });
  }
  await check("the log holds no token", () => {
    assert.doesNotMatch(server.printed(), /eyJ/);
    return Promise.resolve();
  });
});

/** The provider is not asked more often than every five seconds (src/guard/remote_keys.ts). */
async function cooldown(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5500));
}

console.log(failed === 0 ? "all passed" : `${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
