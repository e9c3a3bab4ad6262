import assert from "node:assert/strict";
import { Secret } from "../../../src/lib/secret.ts";
import { clientCredentials, type CredentialDeps } from "../../../src/tool/mcp/client_credentials.ts";

interface Asked {
  readonly url: string;
  readonly authorization: string | null;
  readonly form: Record<string, string>;
}

interface Desk {
  readonly asked: Asked[];
  readonly deps: CredentialDeps;
  nowMs: number;
}

/** An authorization server whose answers a test makes up. */
function desk(
  oauth: Partial<CredentialDeps["oauth"]>,
  { grant = {}, metadata }: { readonly grant?: object; readonly metadata?: object } = {},
): Desk {
  const asked: Asked[] = [];
  const fetch: CredentialDeps["fetch"] = async (input, init) => {
    const request = new Request(input, init);
    const { url, method, headers } = request;
    if (method === "GET") return metadata === undefined ? new Response(null, { status: 404 }) : Response.json(metadata);
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    asked.push({ url, authorization: headers.get("authorization"), form });
    const body = { access_token: `t${asked.length}`, token_type: "Bearer", expires_in: 300, ...grant };
    return Response.json(body, { status: "error" in body ? 400 : 200 });
  };
  const made: Desk = {
    asked,
    nowMs: 0,
    deps: {
      oauth: { client_id: "hector", client_secret: new Secret("s e/cret"), ...oauth },
      resource: new URL("https://tools.example/mcp#x"),
      fetch,
      now: () => made.nowMs,
    },
  };
  return made;
}

const TOKEN_URL = { token_url: "https://id.example/token" };
const METADATA = {
  issuer: "https://id.example",
  token_endpoint: "https://id.example/t",
  authorization_endpoint: "https://id.example/a",
  response_types_supported: ["code"],
};

Deno.test("clientCredentials() asks with what is configured, for the server at hand (RFC 8707)", async () => {
  const { asked, deps } = desk({ ...TOKEN_URL, scope: "a b" });
  assert.equal(await clientCredentials(deps).token(), "t1");
  assert.deepEqual(asked, [{
    url: "https://id.example/token",
    authorization: `Basic ${btoa("hector:s+e%2Fcret")}`,
    form: { grant_type: "client_credentials", resource: "https://tools.example/mcp", scope: "a b" },
  }]);
});

Deno.test("clientCredentials() uses a token until shortly before its end", async () => {
  const made = desk(TOKEN_URL);
  const provider = clientCredentials(made.deps);
  assert.deepEqual(await Promise.all([provider.token(), provider.token()]), ["t1", "t1"]);
  made.nowMs = 269_000;
  assert.equal(await provider.token(), "t1");
  made.nowMs = 271_000;
  assert.equal(await provider.token(), "t2");
  assert.equal(made.asked.length, 2);
});

Deno.test("clientCredentials() keeps a token without an end until it is refused", async () => {
  const made = desk(TOKEN_URL, { grant: { expires_in: undefined } });
  const provider = clientCredentials(made.deps);
  await provider.token();
  made.nowMs = 1e12;
  assert.equal(await provider.token(), "t1");
  const { fetch: fetchFn, resource: serverUrl } = made.deps;
  await provider.onUnauthorized?.({ response: new Response(null, { status: 401 }), serverUrl, fetchFn });
  assert.equal(await provider.token(), "t2");
});

Deno.test("clientCredentials() finds the endpoint by the issuer's metadata", async () => {
  for (
    const [methods, takesBasic] of [[undefined, true], [["client_secret_basic"], true], [["client_secret_post"], false]]
  ) {
    const metadata = { ...METADATA, token_endpoint_auth_methods_supported: methods };
    const { asked, deps } = desk({ issuer: "https://id.example" }, { metadata });
    await clientCredentials(deps).token();
    const [{ url, authorization, form } = { url: "", authorization: "", form: {} }] = asked;
    assert.equal(url, "https://id.example/t");
    assert.equal(authorization !== null, takesBasic);
    assert.equal(Object.hasOwn(form, "client_secret"), !takesBasic);
  }
});

/** [what is wrong, where the token is from, what the server answers, what is told] */
const REFUSED: readonly (readonly [
  name: string,
  oauth: Partial<CredentialDeps["oauth"]>,
  answers: Parameters<typeof desk>[1],
  told: RegExp,
])[] = [
  [
    "the server says no",
    TOKEN_URL,
    { grant: { error: "invalid_client", error_description: "unknown" } },
    /Cannot get a token from https:\/\/id\.example: invalid_client unknown/,
  ],
  ["the token is no bearer token", TOKEN_URL, { grant: { token_type: "mac" } }, /only bearer/],
  ["the endpoint is not private", { token_url: "http://id.example/token" }, {}, /over https only/],
  ["there is no metadata", { issuer: "https://id.example" }, {}, /has no metadata/],
  [
    "the metadata is another server's",
    { issuer: "https://id.example" },
    { metadata: { ...METADATA, issuer: "https://evil.example" } },
    /issuer/i,
  ],
  [
    "the metadata leads away from https",
    { issuer: "https://id.example" },
    { metadata: { ...METADATA, token_endpoint: "http://id.example/t" } },
    /https/,
  ],
];
for (const [name, oauth, answers, told] of REFUSED) {
  Deno.test(`clientCredentials() gets no token where ${name}, and tries again the next time`, async () => {
    const { deps } = desk(oauth, answers);
    const provider = clientCredentials(deps);
    for (let times = 0; times < 2; times++) {
      await assert.rejects(provider.token(), (thrown) => {
        assert.ok(thrown instanceof Error);
        assert.match(thrown.message, told);
        assert.doesNotMatch(thrown.message, /s e\/cret/);
        return true;
      });
    }
  });
}
