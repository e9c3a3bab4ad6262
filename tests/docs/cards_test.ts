import assert from "node:assert/strict";
import { connectAgent, readJwks } from "../../client.ts";
import { ERRORS } from "../../src/a2a/errors.ts";
import { type HectorServer } from "../e2e/hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { inSandbox, type Sandbox } from "../e2e/sandbox.ts";

/* docs/cards.md: what its configurations do, on the real program. */

const page = await Deno.readTextFile(new URL("../../docs/cards.md", import.meta.url));
const configurations = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) => yaml);

/** The configuration of the page that speaks of `words`, with a model that needs no key. */
function configuration(words: string): string {
  const [found, ...others] = configurations.filter((yaml) => yaml.includes(words));
  assert.ok(found !== undefined && others.length === 0, words);
  return `llms: { demo: { provider: demo } }\n${found}`;
}

async function keyFile(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const body = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey))));
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}

const V1 = { "a2a-version": "1.0" };
const MESSAGE = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hello" }] };

async function get(server: HectorServer, path: string, headers: Record<string, string> = V1) {
  const response = await fetch(server.url + path, { headers });
  return { status: response.status, body: await response.json() };
}

/** The reason for which a call is refused; undefined if it is not. */
async function refusal(server: HectorServer, path: string, headers: Record<string, string> = {}, body?: object) {
  const response = await fetch(`${server.url}/agents/desk/${path}`, {
    headers: { ...V1, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return response.ok ? undefined : JSON.parse(text).error.details[0].reason;
}

async function serving(sandbox: Sandbox, yaml: string, args: readonly string[] = []): Promise<HectorServer> {
  const SERVICE_KEY = "a-key-of-this-test-that-is-long-enough";
  // One server has a store open; some tests start several.
  const XDG_DATA_HOME = await Deno.makeTempDir({ dir: sandbox.folder });
  return await sandbox.serve([await sandbox.write("agents.yaml", yaml), ...args], {
    env: { SERVICE_KEY, XDG_DATA_HOME },
  });
}

Deno.test("docs/cards.md: every configuration is valid", () =>
  inSandbox(async (sandbox) => {
    assert.equal(configurations.length, 7);
    for (const name of ["card_key.pem", "next_key.pem"]) await sandbox.write(name, await keyFile());
    for (const [at, yaml] of configurations.entries()) await sandbox.write(`${at}.yaml`, yaml);
    for (const at of configurations.keys()) {
      const { code, err } = await sandbox.run(["validate", `${at}.yaml`], { env: { SERVICE_KEY: "k".repeat(40) } });
      assert.equal(code, 0, `${configurations[at]}\n${err}`);
    }
  }));

Deno.test("docs/cards.md: a card offers what holds, and what it does not offer is refused", () =>
  inSandbox(async (sandbox) => {
    const server = await serving(sandbox, configuration("required: true"));
    const { body: card } = await get(server, "/.well-known/agent-card.json");
    const [extension] = card.capabilities.extensions;
    assert.deepEqual([card.capabilities.streaming, card.capabilities.pushNotifications, extension.required], [
      false,
      false,
      true,
    ]);
    const named = { "a2a-extensions": extension.uri };
    const say = { message: MESSAGE };
    assert.equal(await refusal(server, "message:send", {}, say), "EXTENSION_SUPPORT_REQUIRED");
    assert.equal(await refusal(server, "message:send", named, say), undefined);
    assert.equal(await refusal(server, "message:stream", named, say), "UNSUPPORTED_OPERATION");
    const hook = { url: "https://example.com/hook" };
    assert.equal(
      await refusal(server, "tasks/t1/pushNotificationConfigs", named, hook),
      "PUSH_NOTIFICATION_NOT_SUPPORTED",
    );
  }));

Deno.test("docs/cards.md: cards stand where they are said to be, in the form that is asked for", () =>
  inSandbox(async (sandbox) => {
    const server = await serving(sandbox, configuration("id: refunds"));
    const paths = ["/.well-known/agent-card.json", "/.well-known/agent-card.json?name=desk"];
    for (const path of [...paths, "/agents/desk/.well-known/agent-card.json"]) {
      assert.equal((await get(server, path)).body.name, "Help desk", path);
    }
    const MEMBERS = ["supportedInterfaces", "preferredTransport", "preferred_transport"];
    const membersOf = async (path: string, headers: Record<string, string>) => {
      const { body } = await get(server, path, headers);
      return MEMBERS.filter((member) => member in body);
    };
    const [own = ""] = paths;
    assert.deepEqual(await membersOf(own, V1), ["supportedInterfaces"]);
    assert.deepEqual(await membersOf(`${own}?A2A-Version=1.0`, {}), ["supportedInterfaces"]);
    assert.deepEqual(await membersOf(own, { "a2a-version": "0.3" }), ["preferredTransport"]);
    assert.deepEqual(await membersOf(own, {}), ["supportedInterfaces", "preferredTransport"]);
    assert.deepEqual(await membersOf("/agents/desk", {}), MEMBERS);
  }));

Deno.test("docs/cards.md: a card tells of its agent, and names first what is preferred", () =>
  inSandbox(async (sandbox) => {
    const yaml = configuration("preferred_transport").replace("9090", "0");
    const server = await serving(sandbox, yaml);
    const { body: card } = await get(server, "/.well-known/agent-card.json");
    assert.deepEqual([card.version, card.provider, card.documentationUrl], [
      "2.4.0",
      { organization: "Example Inc.", url: "https://example.com" },
      "https://example.com/desk",
    ]);
    assert.equal(card.supportedInterfaces[0].protocolBinding, "HTTP+JSON");
    const plain = await serving(sandbox, yaml.replace(/ +preferred_transport.*\n/, ""));
    const { body } = await get(plain, "/.well-known/agent-card.json", { "a2a-version": "0.3" });
    assert.equal(body.preferredTransport, "GRPC");
    const { code, err } = await sandbox.run([
      "validate",
      await sandbox.write("off.yaml", yaml.replace("grpc_port: 0", "grpc_port: false")),
    ]);
    assert.equal(code, 2);
    assert.match(
      err,
      /off\.yaml:\d+:\d+.*server\.grpc_port.*found false, expected a port, as server\.transport is grpc/s,
    );
  }));

Deno.test("docs/cards.md: the URLs of cards are those of server.public_url", () =>
  inSandbox(async (sandbox) => {
    const port = String(freePort());
    const yaml = configuration("public_url").replace("https://agents.example.com", `http://desk.localhost:${port}`);
    const server = await serving(sandbox, yaml, ["--port", port]);
    const { body } = await get(server, "/.well-known/agent-card.json");
    assert.equal(body.supportedInterfaces[0].url, `http://desk.localhost:${port}/agents/desk`);
  }));

Deno.test("docs/cards.md: the extended card is for callers who are known", () =>
  inSandbox(async (sandbox) => {
    const yaml = configuration("extended_card");
    const server = await serving(sandbox, yaml);
    const key = { "x-api-key": "a-key-of-this-test-that-is-long-enough" };
    assert.equal(await refusal(server, "extendedAgentCard"), "UNAUTHENTICATED");
    const { body } = await get(server, "/agents/desk/extendedAgentCard", { ...V1, ...key });
    assert.deepEqual(body.skills.map(({ id }: { id: string }) => id), ["desk", "audit"]);
    const open = yaml.slice(0, yaml.indexOf("server:"));
    const unasked = await serving(sandbox, open);
    assert.equal((await get(unasked, "/agents/desk/extendedAgentCard")).body.skills.length, 2);
    const empty = await serving(sandbox, `${open.slice(0, open.indexOf("extended_card:"))}extended_card: {}\n`);
    assert.equal(await refusal(empty, "extendedAgentCard"), "EXTENDED_AGENT_CARD_NOT_CONFIGURED");
    const none = await serving(sandbox, configuration("id: refunds"));
    assert.equal(await refusal(none, "extendedAgentCard"), "UNSUPPORTED_OPERATION");
  }));

Deno.test("docs/cards.md: keys change by reloads, and who has the keys of the step before verifies cards of the next", () =>
  inSandbox(async (sandbox) => {
    for (const name of ["card_key.pem", "next_key.pem"]) await sandbox.write(name, await keyFile());
    const [single = "", both = ""] = configurations.filter((yaml) => yaml.includes("card_signing"))
      .map((yaml) => `llms: { demo: { provider: demo } }\n${yaml}`);
    const [old = "", next = ""] = both.split("\n").filter((line) => line.includes("_key.pem"));
    const alone = both.replace(`${old}\n`, "");
    const steps = [both, alone.replace(next, `${next}\n${old}`), alone];
    const server = await serving(sandbox, single, ["--watch"]);
    const keysNow = async () => readJwks((await get(server, "/.well-known/jwks.json")).body);
    const kidsOf = async () =>
      (await get(server, "/.well-known/jwks.json")).body.keys.map(({ kid }: { kid: string }) => kid).join(" ");
    let known = await keysNow();
    const published = [await kidsOf()];
    for (const [at, step] of steps.entries()) {
      await sandbox.write("agents.yaml", step);
      await server.until(new RegExp(`(?:configuration is served[^]*){${at + 1}}`));
      for (const jwks of [known, await keysNow()]) {
        await using agent = connectAgent(`${server.url}/agents/desk`, { trust: { jwks } });
        assert.equal((await agent.card()).name, "desk");
      }
      published.push(await kidsOf());
      known = await keysNow();
    }
    assert.deepEqual(published, ["2026-11", "2026-11 2027-05", "2027-05 2026-11", "2027-05"]);
    const stranger = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
    const jwk = { ...await crypto.subtle.exportKey("jwk", stranger.publicKey), kid: "2027-05", alg: "ES256" };
    await using deceived = connectAgent(`${server.url}/agents/desk`, {
      trust: { jwks: readJwks({ keys: [jwk] }) },
    });
    await assert.rejects(deceived.card(), { reason: "INVALID_AGENT_RESPONSE" });
  }));

Deno.test("docs/cards.md speaks of reasons that exist", () => {
  const reasons = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+|UNAUTHENTICATED)`/g)].map(([, name = ""]) => name);
  assert.ok(reasons.length > 5);
  for (const reason of reasons) assert.ok(Object.hasOwn(ERRORS, reason), reason);
});
