import assert from "node:assert/strict";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { freePort } from "../lib/free_port.ts";
import { callOf, openToolset } from "../tool/mcp/tool_servers.ts";
import { npmPackages } from "./tool_folder.ts";

/*
 * A server of tools that asks for tokens of a real OpenID provider (oidc-provider in Node), and a client that gets them by
 * its own credentials: deno run -A tests/conformance/mcp_oauth.ts
 */

const script = new URL("oidc_provider.mjs", import.meta.url).pathname;
const packages = await npmPackages("oidc", ["oidc-provider@9.13.3"]);
const port = freePort();
const issuer = `http://127.0.0.1:${port}`;
const child = new Deno.Command("node", {
  args: [script, packages, String(port), "key"],
  stdout: "piped",
  stderr: "null",
})
  .spawn();
const reader = child.stdout.getReader();
assert.match(new TextDecoder().decode((await reader.read()).value), /listening/);

const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
const tokens: string[] = [];
let refuses = 0;
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "guarded", version: "1" });
  server.registerTool("whoami", {}, () => ({ content: [{ type: "text", text: tokens.at(-1) ?? "" }] }));
  return server;
});
const guarded = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
  const [, token = ""] = /^Bearer (.*)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  try {
    if (refuses-- > 0) throw new Error("revoked");
    // Whom a token is for follows from the resource that was named when it was got (RFC 8707).
    await jwtVerify(token, keys, { issuer, audience: "another-api" });
    if (!tokens.includes(token)) tokens.push(token);
    return await handler.fetch(request);
  } catch {
    return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
});
const url = `http://127.0.0.1:${guarded.addr.port}/mcp`;
const oauth = { client_id: "service", client_secret: "a secret of the client", issuer, scope: "agents:call" };
let failed = 0;

async function check(name: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    console.log("ok    ", name);
  } catch (thrown) {
    failed++;
    console.log("FAILED", name, thrown);
  }
}

const { signal } = new AbortController();
const toolset = openToolset({ url, oauth });
await check("one token of the provider serves all calls", async () => {
  for (let times = 0; times < 3; times++) await callOf(toolset, "whoami");
  assert.equal(tokens.length, 1);
});
await check("a token that is refused is got anew, and the call goes on", async () => {
  refuses = 1;
  const { content } = await callOf(toolset, "whoami");
  assert.equal(tokens.length, 2);
  assert.equal(content, tokens[1]);
});
await check("the endpoint itself may be named", async () => {
  const { issuer: _, ...rest } = oauth;
  await using named = openToolset({ url, oauth: { ...rest, token_url: `${issuer}/token` } });
  assert.match((await callOf(named, "whoami")).content, /^eyJ/);
});
/** [what is wrong, credentials, what is told] */
const WRONG: readonly (readonly [name: string, over: object, told: RegExp])[] = [
  ["a wrong secret", { client_secret: "wrong" }, /invalid_client/],
  ["an unknown client", { client_id: "nobody" }, /invalid_client/],
  ["another issuer", { issuer: `${issuer}/other` }, /metadata|issuer/],
];
for (const [name, over, told] of WRONG) {
  await check(`${name} is told of, without the secret`, async () => {
    await using wrong = openToolset({ url, oauth: { ...oauth, ...over } });
    await assert.rejects(async () => await wrong.check?.(signal), (thrown) => {
      assert.ok(thrown instanceof Error);
      assert.match(thrown.message, told);
      assert.doesNotMatch(thrown.message, /a secret of the client|wrong secret/);
      return true;
    });
  });
}
await check("without credentials the server stays closed", async () => {
  await using bare = openToolset({ url });
  await assert.rejects(async () => await bare.check?.(signal), /401|authorization/i);
});

await toolset.close();
await handler.close();
await guarded.shutdown();
child.kill();
await Promise.all([reader.cancel(), child.status]);
console.log(failed === 0 ? "all passed" : `${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
