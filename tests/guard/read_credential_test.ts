import assert from "node:assert/strict";
import {
  type Credential,
  type CredentialPlaces,
  readCredential,
  type Showing,
} from "../../src/guard/read_credential.ts";
import { RefusedCredential } from "../../src/guard/refused_credential.ts";

const PLACES: CredentialPlaces = { apiKeyHeader: "x-api-key", allowQueryToken: false };

/** As the rim shows a request: the headers of Fetch, which joins and trims. */
function shown(headers: readonly [string, string][], rest: Partial<Showing> = {}): Showing {
  const all = new Headers(headers);
  return { header: (name) => all.get(name), ...rest };
}

const bearer = (text: string): Credential => ({ kind: "bearer", text });
const authorization = (value: string) => shown([["authorization", value]]);

/** [what, request, credential] */
const READ: readonly (readonly [what: string, Showing, Credential | undefined, Partial<CredentialPlaces>?])[] = [
  ["nothing", shown([]), undefined],
  ["a bearer token", authorization("Bearer a.b-c_d~e+f/g="), bearer("a.b-c_d~e+f/g=")],
  ["a scheme in small letters", authorization("bearer abc"), bearer("abc")],
  ["a scheme in capitals, and spaces", authorization("BEARER   abc  "), bearer("abc")],
  ["a key", shown([["X-API-Key", "k e y"]]), { kind: "api_key", text: "k e y" }],
  ["a key where there are none", shown([["x-api-key", "key"]]), undefined, { apiKeyHeader: undefined }],
  ["a token of a socket", shown([], { socketToken: "abc" }), bearer("abc")],
  ["a query that is not looked at", shown([], { query: new URLSearchParams("access_token=abc") }), undefined],
  [
    "a token in the query",
    shown([], { query: new URLSearchParams("agent=x&access_token=abc") }),
    bearer("abc"),
    { allowQueryToken: true },
  ],
  ["another token in the query", shown([], { query: new URLSearchParams("token=abc") }), bearer("abc"), {
    allowQueryToken: true,
  }],
  ["a key in the query", shown([], { query: new URLSearchParams("api_key=abc") }), { kind: "api_key", text: "abc" }, {
    allowQueryToken: true,
  }],
];

for (const [what, showing, credential, places] of READ) {
  Deno.test(`readCredential() reads ${what}`, () => {
    assert.deepEqual(readCredential(showing, { ...PLACES, ...places }), credential);
  });
}

const TWICE = new URLSearchParams("token=a&token=b");

/** [what, request] */
const REFUSED: readonly (readonly [what: string, Showing, Partial<CredentialPlaces>?])[] = [
  ["an empty Authorization", authorization("")],
  ["a scheme alone", authorization("Bearer")],
  ["a scheme and spaces", authorization("Bearer  ")],
  ["a token alone", authorization("abc.def.ghi")],
  ["another scheme", authorization("Basic YWxpY2U6c2VjcmV0")],
  ["a longer scheme", authorization("Bearers abc")],
  ["a tab", authorization("Bearer\tabc")],
  ["two tokens", authorization("Bearer abc def")],
  ["two tokens in a list", authorization("Bearer abc, Bearer def")],
  ["two lists in one", authorization("Bearer abc,Bearer def")],
  ["a parameter", authorization('Bearer abc, realm="x"')],
  ["letters that are no ASCII", authorization("Bearer \u00e4bc")],
  ["a space that is none", authorization("Bearer\u00a0abc")],
  ["two headers", shown([["authorization", "Bearer abc"], ["Authorization", "Bearer abc"]])],
  ["two headers of gRPC", { header: (name) => name === "authorization" ? "Bearer abc,Bearer def" : undefined }],
  ["a token and a key", shown([["authorization", "Bearer abc"], ["x-api-key", "key"]])],
  ["a token and another of the socket", shown([["authorization", "Bearer abc"]], { socketToken: "abc" })],
  ["two in the query", shown([], { query: TWICE }), { allowQueryToken: true }],
  ["a header and a query", shown([["x-api-key", "k"]], { query: new URLSearchParams("token=a") }), {
    allowQueryToken: true,
  }],
  ["a long one", authorization(`Bearer ${"x".repeat(16_385)}`)],
  ["a long key", shown([["x-api-key", "x".repeat(20_000)]])],
];

for (const [what, showing, places] of REFUSED) {
  Deno.test(`readCredential() refuses ${what}`, () => {
    assert.throws(() => readCredential(showing, { ...PLACES, ...places }), (thrown: unknown) => {
      assert.ok(thrown instanceof RefusedCredential);
      assert.match(thrown.challenge, /error="invalid_request"/);
      assert.doesNotMatch(thrown.message, /abc|def|key$|xxx/);
      return true;
    });
  });
}
