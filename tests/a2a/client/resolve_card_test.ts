import assert from "node:assert/strict";
import { chooseInterfaces } from "../../../src/a2a/client/choose_interfaces.ts";
import { createKeyring } from "../../../src/a2a/client/keyring.ts";
import { type CardHttp, resolveCard } from "../../../src/a2a/client/resolve_card.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { createCardSigner } from "../../../src/a2a/card/card_signer.ts";
import { cardUnderTest, freshKey, SECURITY } from "../card/signing_keys.ts";
import { CARD } from "../fake_service.ts";
import { cardOffering, isError, loopback } from "../loopback.ts";

const SIGNAL = new AbortController().signal;
const json = (body: unknown) => () => Response.json(body);
const LEGACY_CARD = {
  protocolVersion: "0.3.0",
  name: "Old",
  description: "An older agent",
  url: "http://old.example/a2a",
  preferredTransport: "JSONRPC",
  additionalInterfaces: [{ url: "http://old.example/rest", transport: "HTTP+JSON" }],
  version: "1",
  capabilities: { streaming: true },
  defaultInputModes: ["text"],
  defaultOutputModes: ["text"],
  skills: [],
};

function cardHttp(fetch: CardHttp["fetch"]): CardHttp {
  const keyring = createKeyring([], undefined);
  return { fetch, keyring, maxBytes: 10_000, timers: manualTimers(), idleMs: 1000, answerMs: 1000 };
}

/** A site of which only some paths exist. */
function site(pages: Readonly<Record<string, () => Response>>) {
  const visited: string[] = [];
  const http = cardHttp(loopback((request) => {
    const { pathname, search } = new URL(request.url);
    visited.push(pathname + search);
    return new Map(Object.entries(pages)).get(pathname)?.() ?? new Response("nothing", { status: 404 });
  }));
  return { http, visited };
}

const PLACES: readonly (readonly [url: string, pages: Record<string, () => Response>, visited: readonly string[]])[] = [
  ["http://x.example", { "/.well-known/agent-card.json": json(CARD) }, ["/.well-known/agent-card.json"]],
  ["http://x.example/", { "/.well-known/agent-card.json": json(CARD) }, ["/.well-known/agent-card.json"]],
  [
    "http://x.example",
    { "/.well-known/agent.json": json(CARD) },
    ["/.well-known/agent-card.json", "/.well-known/agent.json"],
  ],
  [
    "http://x.example/agents/a/",
    { "/agents/a/.well-known/agent-card.json": json(CARD), "/.well-known/agent-card.json": json({ wrong: 1 }) },
    ["/agents/a/.well-known/agent-card.json"],
  ],
  [
    "http://x.example/agents/a",
    { "/agents/a": json(CARD) },
    ["/agents/a/.well-known/agent-card.json", "/agents/a/.well-known/agent.json", "/agents/a"],
  ],
  ["http://x.example/my/card.json?v=1", { "/my/card.json": json(CARD) }, ["/my/card.json?v=1"]],
  [
    "http://x.example/app",
    { "/app/.well-known/agent-card.json": () => new Response("<html>"), "/app": json(CARD) },
    ["/app/.well-known/agent-card.json", "/app/.well-known/agent.json", "/app"],
  ],
];
for (const [url, pages, visited] of PLACES) {
  Deno.test(`resolveCard() finds the card for ${url} at ${visited.at(-1)}`, async () => {
    const { http, visited: seen } = site(pages);
    assert.deepEqual(await resolveCard(url, http, SIGNAL), CARD);
    assert.deepEqual(seen, visited);
  });
}

Deno.test("resolveCard() takes the host's card for an endpoint that this card names", async () => {
  const card = cardOffering([["JSONRPC", "1.0"]], "https://public.example/a2a/jsonrpc/");
  const { http } = site({ "/.well-known/agent-card.json": json(card) });
  assert.deepEqual(await resolveCard("http://x.example/a2a/jsonrpc", http, SIGNAL), card);
});

Deno.test("resolveCard() never takes the host's agent for another one that does not exist", async () => {
  const { http } = site({ "/.well-known/agent-card.json": json(cardOffering([["JSONRPC", "1.0"]])) });
  await assert.rejects(
    resolveCard("http://x.example/agents/typo", http, SIGNAL),
    isError("AGENT_NOT_FOUND", /agents\/typo/),
  );
});

Deno.test("resolveCard() asks as a peer of 1.0 and reads a card of 0.3", async () => {
  let version: string | null = null;
  const http = cardHttp(loopback((request) => {
    version = request.headers.get("a2a-version");
    return Response.json(LEGACY_CARD);
  }));
  const card = await resolveCard("http://old.example", http, SIGNAL);
  assert.equal(version, "1.0");
  assert.deepEqual(chooseInterfaces(card, { bindings: new Set(["jsonrpc"]) })[0], {
    binding: "jsonrpc",
    dialect: "a2a_v0_3",
    url: "http://old.example/a2a",
    tenant: undefined,
  });
});

const FAILURES: readonly (readonly [name: string, page: () => Response, reason: Parameters<typeof isError>[0]])[] = [
  ["is refused", () => new Response("", { status: 401 }), "UNAUTHENTICATED"],
  ["is overloaded", () => new Response("", { status: 503 }), "UNAVAILABLE"],
  ["is JSON but no card", json({ hello: "world" }), "INVALID_AGENT_RESPONSE"],
  ["is a list", json([]), "INVALID_AGENT_RESPONSE"],
  ["is far too large", json({ name: "x".repeat(20_000) }), "INVALID_AGENT_RESPONSE"],
];
for (const [name, page, reason] of FAILURES) {
  Deno.test(`resolveCard() says ${reason} if the card ${name}`, async () => {
    const { http } = site({ "/.well-known/agent-card.json": page });
    await assert.rejects(resolveCard("http://x.example", http, SIGNAL), isError(reason));
  });
}

Deno.test("resolveCard() believes signed cards alone where it is told whom to trust", async () => {
  const signer = createCardSigner([freshKey("k1")]);
  const trust = { jwks: signer.jwks };
  const plain = cardUnderTest(SECURITY);
  const signed = await signer.sign({ ...plain }, "http://x.example");
  const served = (card: unknown) => ({ ...site({ "/.well-known/agent-card.json": json(card) }).http, trust });
  const { signatures: _, ...card } = await resolveCard("http://x.example", served(signed), SIGNAL);
  assert.deepEqual(card, plain);
  const others = [plain, { ...signed, name: "Mallory" }, { ...signed, signatures: [] }];
  for (const forged of others) {
    await assert.rejects(
      resolveCard("http://x.example", served(forged), SIGNAL),
      isError("INVALID_AGENT_RESPONSE", /Cannot trust the agent card/),
    );
  }
});
