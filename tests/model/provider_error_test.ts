import assert from "node:assert/strict";
import { z } from "zod";
import { Secret } from "../../src/lib/secret.ts";
import type { Connection } from "../../src/model/connection.ts";
import { ModelError, type ModelErrorKind } from "../../src/model/model.ts";
import { providerError } from "../../src/model/provider_error.ts";

const KEY = "sk-canary-123";
const TO: Connection = {
  title: "Acme",
  model: "m1",
  baseUrl: "https://acme.example/v1",
  official: true,
  key: new Secret(KEY),
  keySource: "ACME_API_KEY",
  timeoutMs: 1_000,
  maxRetries: 0,
};

interface Shape {
  status?: number;
  error?: unknown;
  headers?: Headers;
}

/** An error in the shape of the SDKs'. */
function sdkError(message: string, shape: Shape = {}, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), shape);
}

const failed = (text: string) =>
  sdkError("Connection error.", {}, new TypeError(`error sending request for url (https://acme.example/v1): ${text}`));

/** [what, thrown, kind, sentence] */
const ROWS: [what: string, thrown: unknown, kind: ModelErrorKind, sentence: RegExp][] = [
  [
    "Google's array around its error",
    sdkError("400", {
      status: 400,
      error: [{
        error: { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT" },
      }],
    }),
    "authentication",
    /check ACME_API_KEY$/,
  ],
  [
    "Google's quota for a while",
    sdkError("429", {
      status: 429,
      error: [{ error: { code: 429, message: "Resource has been exhausted", status: "RESOURCE_EXHAUSTED" } }],
    }),
    "rate_limited",
    /too many requests/,
  ],
  [
    "Google's unknown model",
    sdkError("404", {
      status: 404,
      error: [{ error: { message: "models/m1 is not found for API version v1main", status: "NOT_FOUND" } }],
    }),
    "unknown_model",
    /model "m1" of Acme: it knows no such model/,
  ],
  [
    "Google's overload",
    sdkError("503", {
      status: 503,
      error: [{ error: { message: "The model is overloaded. Please try again later.", status: "UNAVAILABLE" } }],
    }),
    "overloaded",
    /try again later/,
  ],
  [
    "OpenAI's context length",
    sdkError("400", {
      status: 400,
      error: { message: "too many", type: "invalid_request_error", code: "context_length_exceeded" },
    }),
    "too_long",
    /longer than the model takes/,
  ],
  [
    "OpenAI's unknown model",
    sdkError("404", {
      status: 404,
      error: { message: "The model `m1` does not exist or you do not have access to it.", code: "model_not_found" },
    }),
    "unknown_model",
    /option model/,
  ],
  [
    "Ollama's unknown model",
    sdkError("404", {
      status: 404,
      error: { message: 'model "m1" not found, try pulling it first', type: "api_error" },
    }),
    "unknown_model",
    /no such model/,
  ],
  [
    "vLLM's context length",
    sdkError("400", {
      status: 400,
      error: { message: "This model's maximum context length is 4096 tokens.", type: "BadRequestError", code: 400 },
    }),
    "too_long",
    /maximum context length is 4096/,
  ],
  [
    "a rate limit that speaks of tokens",
    sdkError("429", { status: 429, error: { message: "too many input tokens per minute", type: "rate_limit_error" } }),
    "rate_limited",
    /too many requests/,
  ],
  [
    "tools that a model refuses",
    sdkError("400", {
      status: 400,
      error: {
        message: "Function tools with reasoning_effort are not supported; set reasoning_effort to 'none'",
        type: "invalid_request_error",
      },
    }),
    "invalid_request",
    /set reasoning_effort to 'none'/,
  ],
  ["a gateway's 502 without a body", sdkError("502", { status: 502 }), "unavailable", /HTTP 502/],
  ["a lock's 409", sdkError("409", { status: 409, error: { message: "locked" } }), "unavailable", /HTTP 409/],
  ["a teapot", sdkError("418 short", { status: 418 }), "invalid_request", /418 short/],
  [
    "a method that is not there",
    sdkError("405", { status: 405 }),
    "invalid_request",
    /acme\.example:443 has no such address \(HTTP 405\); check base_url/,
  ],
  [
    "a refused connection",
    failed("tcp connect error: Connection refused (os error 111)"),
    "unavailable",
    /Acme at acme\.example:443: connection refused/,
  ],
  [
    "a name that nobody knows",
    failed("dns error: failed to lookup address information"),
    "unavailable",
    /its name is not known/,
  ],
  [
    "a certificate that nobody trusts",
    failed("invalid peer certificate: UnknownIssuer"),
    "unavailable",
    /certificate is not trusted/,
  ],
  ["a reset", failed("connection reset by peer"), "unavailable", /broke off/],
  ["a slow network", failed("tcp connect error: Operation timed out"), "timeout", /timed out/],
  ["a connection error without a reason", sdkError("Connection error."), "unavailable", /the connection failed/],
  [
    "text that is no JSON",
    new SyntaxError("Unexpected token < in JSON"),
    "protocol",
    /not its protocol; check base_url/,
  ],
  ["JSON of another shape", z.string().safeParse(1).error, "protocol", /not its protocol/],
  ["a slip of ours", new TypeError("x is not a function"), "protocol", /not its protocol/],
  ["a string", "boom", "protocol", /not its protocol/],
  ["nothing", undefined, "protocol", /not its protocol/],
];

for (const [what, thrown, kind, sentence] of ROWS) {
  Deno.test(`providerError() of ${what} is "${kind}"`, () => {
    const error = providerError(thrown, TO);
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, sentence);
    assert.match(error.message, /^Cannot \S+ /);
  });
}

Deno.test("providerError() lets a ModelError pass", () => {
  const error = new ModelError("invalid_request", "as it is");
  assert.equal(providerError(error, TO), error);
});

Deno.test("providerError() hides the key wherever it is quoted", () => {
  const thrown = sdkError(
    `400 ${KEY}`,
    { status: 400, error: { message: `bad header Bearer ${KEY}` } },
    new Error(`cause ${KEY}`),
  );
  const error = providerError(thrown, TO);
  assert.match(error.message, /bad header Bearer \[secret\]/);
  assert.ok(!Deno.inspect(error, { depth: 10 }).includes(KEY));
});

Deno.test("providerError() clips what a provider says and keeps it on one line", () => {
  const error = providerError(sdkError("400", { status: 400, error: { message: "line\n".repeat(1_000) } }), TO);
  assert.ok(error.message.length < 400);
  assert.ok(!error.message.includes("\n"));
});

/** [headers, wait] */
const WAITS: [headers: Record<string, string>, retryAfterMs: number | undefined][] = [
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after-ms": "150", "retry-after": "2" }, 150],
  [{ "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" }, 30_000],
  [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", date: "Wed, 21 Oct 2026 07:28:30 GMT" }, undefined],
  [{ "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT" }, undefined],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-1" }, undefined],
  [{}, undefined],
];

for (const [headers, retryAfterMs] of WAITS) {
  Deno.test(`providerError() reads a wait of ${retryAfterMs} from ${JSON.stringify(headers)}`, () => {
    const error = providerError(sdkError("429", { status: 429, headers: new Headers(headers) }), TO);
    assert.deepEqual([error.status, error.retryAfterMs], [429, retryAfterMs]);
    const when = retryAfterMs === undefined ? "later" : `in ${Math.ceil(retryAfterMs / 1_000)} s`;
    assert.ok(error.message.endsWith(`too many requests; try again ${when}`), error.message);
  });
}
