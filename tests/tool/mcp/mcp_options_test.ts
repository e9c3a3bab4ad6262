import assert from "node:assert/strict";
import { Secret } from "../../../src/lib/secret.ts";
import { McpOptions } from "../../../src/tool/mcp/mcp_options.ts";

/** [options, what is wrong with them] */
const REFUSED: readonly (readonly [options: object, told: RegExp])[] = [
  [{}, /neither url nor command/],
  [{ url: "http://a.example", command: "x" }, /found url and command/],
  [{ url: "ftp://a.example" }, /http or https URL/],
  [{ url: "http://a.example", transport: "stdio" }, /stdio without command/],
  [{ command: "x", transport: "sse" }, /sse without url/],
  [{ command: "x", filter: ["!a"] }, /exclude/],
  [{ command: "x", prefix: "a b" }, /letters, digits/],
  [{ command: "x", env: { TOKEN: "" } }, /env/],
  [{ command: "x", comand: "y" }, /comand/],
  [{ url: "http://a.example", allow: ["http://b.example"] }, /a host/],
  [{ url: "http://a.example", oauth: { client_id: "a", client_secret: "b" } }, /either issuer or token_url/],
  [
    {
      url: "http://a.example",
      oauth: { client_id: "a", client_secret: "b", issuer: "http://i", token_url: "http://t" },
    },
    /either issuer or token_url/,
  ],
];
for (const [options, told] of REFUSED) {
  Deno.test(`McpOptions refuses ${JSON.stringify(options)}`, () => {
    const { error } = McpOptions().safeParse(options);
    assert.match(JSON.stringify(error?.issues), told);
  });
}

Deno.test("McpOptions takes a server by its program, or by its URL", () => {
  assert.partialDeepStrictEqual(McpOptions().parse({ command: "serve" }), {
    command: "serve",
    approval: "destructive",
    trust_annotations: false,
    timeout_seconds: 300,
  });
  assert.equal(McpOptions().parse({ url: "http://a.example", command: "x", transport: "sse" }).transport, "sse");
});

Deno.test("McpOptions makes secrets of what a program and a server are given", () => {
  const { env, headers } = McpOptions().parse({ command: "x", env: { A: "canary" }, headers: { B: "canary" } });
  assert.ok(env.A instanceof Secret && headers.B instanceof Secret);
  assert.doesNotMatch(JSON.stringify({ env, headers }), /canary/);
});
