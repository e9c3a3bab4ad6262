import assert from "node:assert/strict";
import { connect, ConnectionOptions, type Provider } from "../../src/model/connection.ts";
import { z } from "zod";
import { fakeDeps } from "./model_fakes.ts";

const ACME: Provider = {
  title: "Acme",
  credentials: ["ACME_API_KEY", "ACME_KEY"],
  baseUrlEnv: "ACME_BASE_URL",
  defaultBaseUrl: "https://api.acme.example/v1",
};
const Options = z.strictObject({ model: z.string(), ...ConnectionOptions() });

function connected(options: Record<string, unknown>, env: Record<string, string> = {}, provider: Provider = ACME) {
  return connect(provider, Options.parse({ model: "m1", ...options }), fakeDeps(env));
}

/** [options, environment, key, where it is from] */
const KEYS: [options: Record<string, unknown>, env: Record<string, string>, key: string, source: string][] = [
  [{ api_key: "a" }, {}, "a", 'api_key of "main"'],
  [{ api_key: "a" }, { ACME_API_KEY: "b" }, "a", 'api_key of "main"'],
  [{}, { ACME_API_KEY: "b" }, "b", "ACME_API_KEY"],
  [{}, { ACME_KEY: "c" }, "c", "ACME_KEY"],
  [{}, { ACME_API_KEY: "", ACME_KEY: "c" }, "c", "ACME_KEY"],
];

for (const [options, env, key, source] of KEYS) {
  Deno.test(`connect() with ${JSON.stringify(options)} and ${JSON.stringify(env)} takes the key from ${source}`, () => {
    const to = connected(options, env);
    assert.equal(to.key?.reveal(), key);
    assert.equal(to.keySource, source);
    assert.ok(!Deno.inspect(to).includes(`"${key}"`), "the key is shown");
  });
}

/** [options, environment, address, whether it is the provider's own] */
const ADDRESSES: [options: Record<string, unknown>, env: Record<string, string>, url: string, official: boolean][] = [
  [{}, {}, "https://api.acme.example/v1", true],
  [{}, { ACME_BASE_URL: "" }, "https://api.acme.example/v1", true],
  [{}, { ACME_BASE_URL: "http://gateway:8080/v1" }, "http://gateway:8080/v1", false],
  [{ base_url: "http://localhost:1" }, { ACME_BASE_URL: "http://gateway:8080/v1" }, "http://localhost:1", false],
  [{ base_url: "https://api.acme.example/v2" }, {}, "https://api.acme.example/v2", true],
];

for (const [options, env, url, official] of ADDRESSES) {
  Deno.test(`connect() with ${JSON.stringify(options)} and ${JSON.stringify(env)} goes to ${url}`, () => {
    const to = connected({ api_key: "a", ...options }, env);
    assert.deepEqual([to.baseUrl, to.official], [url, official]);
  });
}

for (const address of ["gateway", "ftp://gateway", "https://user:canary@gateway"]) {
  Deno.test(`connect() refuses ${address} from the environment, names the variable and not the value`, () => {
    assert.throws(() => connected({ api_key: "a" }, { ACME_BASE_URL: address }), (thrown) => {
      assert.ok(thrown instanceof Error);
      assert.match(thrown.message, /ACME_BASE_URL/);
      assert.ok(!thrown.message.includes("canary"));
      return true;
    });
  });
}

Deno.test("connect() without a key names the variables and the option", () => {
  assert.throws(() => connected({}), {
    name: "ModelError",
    kind: "authentication",
    message:
      'Cannot use model "m1" of Acme: it needs a key; set ACME_API_KEY or ACME_KEY in the environment, or api_key of "main"',
  });
});

Deno.test("connect() lets a keyless server be without a key, but not the provider's own", () => {
  const keyless = { ...ACME, keyless: "elsewhere" as const };
  assert.equal(connected({ base_url: "http://localhost:1" }, {}, keyless).key, undefined);
  assert.throws(() => connected({}, {}, keyless), { kind: "authentication" });
});

Deno.test("ConnectionOptions have defaults and count time in milliseconds", () => {
  const to = connected({ api_key: "a" });
  assert.deepEqual([to.timeoutMs, to.maxRetries], [120_000, 3]);
  assert.equal(connected({ api_key: "a", timeout_seconds: 0.5 }).timeoutMs, 500);
});

for (const [name, schema] of Object.entries(ConnectionOptions())) {
  Deno.test(`the option ${name} is described`, () => assert.ok((schema.meta()?.description ?? "").length > 20));
}
