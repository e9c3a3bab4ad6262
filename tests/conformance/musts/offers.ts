import assert from "node:assert/strict";
import { decodeProtectedHeader } from "jose";
import { createCardSigner } from "../../../src/a2a/card/card_signer.ts";
import type { AgentCapabilities } from "../../../src/a2a/card/card_types.ts";
import { verifyCard } from "../../../src/a2a/card/verify_card.ts";
import { type Offer, offeredService } from "../../../src/a2a/offered_service.ts";
import { BASE_URL, cardUnderTest, freshKey } from "../../a2a/card/signing_keys.ts";
import { CARD } from "../../a2a/fake_service.ts";
import { isError } from "../../a2a/loopback.ts";
import { openHouse } from "../../task/house.ts";
import { guardedServer } from "../../server/auth/guarded_server.ts";
import { wiresTo } from "../../server/auth/wires.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { type Face, headersOf, isRefused, type Params } from "./face.ts";
import { restRequest, rpcBody } from "./http_face.ts";
import { must, mustInBoth, type MustTest, once, type OpenFace } from "./must.ts";
import { obedient, saying, send } from "./talk.ts";

/* A2A v1 §3.3.4, §7.3, §8.4, §13.3: an agent keeps to what its card says. */

const EXTENDED = { ...CARD, name: "Echo, extended" };
const URI = "urn:must:extension:1";

function offering(open: OpenFace, capabilities: AgentCapabilities, offer: Partial<Offer> = {}): Face {
  return open(offeredService(openHouse(obedient).service, { capabilities, authenticates: false, ...offer }));
}

/** A card with its signatures, as a peer gets it. */
async function signed(key = freshKey("now")) {
  const card = cardUnderTest();
  const signer = createCardSigner([key]);
  const received: Record<string, unknown> = JSON.parse(
    JSON.stringify(await signer.sign(card, BASE_URL)),
  );
  return { received, jwks: signer.jwks };
}

/** Every operation, as somebody without a credential might try it. */
const ALL: readonly (readonly [Operation, Params])[] = [
  ["SendMessage", saying("hello")],
  ["SendStreamingMessage", saying("hello")],
  ["GetTask", { id: "t" }],
  ["ListTasks", {}],
  ["CancelTask", { id: "t" }],
  ["SubscribeToTask", { id: "t" }],
  ["CreateTaskPushNotificationConfig", { taskId: "t", url: "https://hook.example/" }],
  ["GetTaskPushNotificationConfig", { taskId: "t", id: "c" }],
  ["ListTaskPushNotificationConfigs", { taskId: "t" }],
  ["DeleteTaskPushNotificationConfig", { taskId: "t", id: "c" }],
  ["GetExtendedAgentCard", {}],
];

const WRONG: readonly Readonly<Record<string, string>>[] = [{}, { "x-api-key": "a-wrong-key" }];

/** An operation over both HTTP bindings. */
function httpRequests(operation: Operation, params: Params, headers: Readonly<Record<string, string>>) {
  const rest = restRequest(operation, params, { headers });
  const { pathname, search } = new URL(rest.url);
  const rpc = { method: "POST", headers: { "content-type": "application/json", ...headersOf({ headers }) } };
  return [
    { url: "/agents/desk", init: { ...rpc, body: rpcBody(operation, params) } },
    { url: `/agents/desk${pathname}${search}`, init: { method: rest.method, headers: rest.headers, body: rest.body } },
  ];
}

export const OFFERS: readonly MustTest[] = [
  ...mustInBoth(24, "an agent that does not stream refuses both kinds of streams, and does the rest", async (open) => {
    for (const capabilities of [{ streaming: false }, {}]) {
      const face = offering(open, capabilities);
      const { id } = await send(face, saying("ask"));
      const streamed = face.watch("SendStreamingMessage", saying("hello"));
      await assert.rejects(streamed.next(), isRefused("UNSUPPORTED_OPERATION"));
      await assert.rejects(face.watch("SubscribeToTask", { id }).next(), isRefused("UNSUPPORTED_OPERATION"));
    }
  }),
  ...must(48, "an extended card is there where the card says so, or is told not to be configured", async (open) => {
    const capabilities = { extendedAgentCard: true };
    const card = await offering(open, capabilities, { extendedCard: () => EXTENDED }).ask("GetExtendedAgentCard", {});
    assert.equal((card as typeof CARD).name, "Echo, extended");
    const none = offering(open, capabilities);
    await assert.rejects(none.ask("GetExtendedAgentCard", {}), isRefused("EXTENDED_AGENT_CARD_NOT_CONFIGURED"));
    const hidden = offering(open, {}, { extendedCard: () => EXTENDED });
    await assert.rejects(hidden.ask("GetExtendedAgentCard", {}), isRefused("UNSUPPORTED_OPERATION"));
  }),
  ...must(49, "an extension that is required has to be asked for, with every operation", async (open) => {
    const face = offering(open, { streaming: true, extensions: [{ uri: URI, required: true }] });
    const missing = isRefused("EXTENSION_SUPPORT_REQUIRED");
    const others: Readonly<Record<string, string>>[] = [{}, { "a2a-extensions": "urn:must:extension:2" }];
    for (const headers of others) {
      await assert.rejects(face.ask("SendMessage", saying("hello"), { headers }), missing);
      await assert.rejects(face.ask("ListTasks", {}, { headers }), missing);
      await assert.rejects(face.watch("SendStreamingMessage", saying("hello"), { headers }).next(), missing);
    }
    const asked = { headers: { "a2a-extensions": `urn:nobody:knows, ${URI}` } };
    assert.equal((await send(face, saying("hello"), asked)).status.state, "TASK_STATE_COMPLETED");
  }),
  ...must(67, "where callers prove who they are, nobody else sees the extended card", async (open) => {
    const offer = { extendedCard: () => EXTENDED, authenticates: true };
    const face = offering(open, { extendedAgentCard: true }, offer);
    await assert.rejects(face.ask("GetExtendedAgentCard", {}), isRefused("UNAUTHENTICATED"));
    const card = await face.ask("GetExtendedAgentCard", {}, { as: "anna" });
    assert.equal((card as typeof CARD).name, "Echo, extended");
  }),
  ...once(61, "no operation is answered without a credential, over any binding; the card is", async () => {
    await using server = await guardedServer("{api_keys: [{key: '${KEY}', subject: ci}]}", { KEY: "a-key-of-a-test" });
    for (const [operation, params] of ALL) {
      for (const shown of WRONG) {
        for (const { url, init } of httpRequests(operation, params, shown)) {
          const response = await fetch(server.url + url, init);
          assert.equal(response.status, 401, `${operation} at ${url}`);
          assert.ok(response.headers.get("www-authenticate"));
          await response.body?.cancel();
        }
        for (const wire of wiresTo(server).filter(({ name }) => name === "gRPC" || name === "WebSocket")) {
          const outcome = await wire.ask(operation, params, shown);
          // A socket that does not open says nothing but that.
          const expected = wire.name === "WebSocket" ? "none" : "UNAUTHENTICATED";
          assert.equal("reason" in outcome ? outcome.reason : "answered", expected, `${operation} over ${wire.name}`);
        }
      }
    }
    for (const wire of wiresTo(server)) {
      assert.ok(!("reason" in await wire.ask("ListTasks", {}, { "x-api-key": "a-key-of-a-test" })), wire.name);
    }
    const card = await fetch(`${server.url}/.well-known/agent-card.json`);
    const { securitySchemes, securityRequirements } = await card.json();
    assert.equal(card.status, 200);
    assert.ok(Object.keys(securitySchemes).length > 0 && securityRequirements.length > 0);
  }),
  ...once(68, "a signature covers the card, says alg, kid and typ, and stands beside it", async () => {
    const key = freshKey("now");
    const { received, jwks } = await signed(key);
    const { signatures, ...content } = received as { signatures: { protected: string; signature: string }[] };
    assert.deepEqual(content, JSON.parse(JSON.stringify(cardUnderTest())));
    assert.ok(signatures.length > 0);
    for (const signature of signatures) {
      const { alg, kid, typ } = decodeProtectedHeader({ protected: signature.protected });
      assert.deepEqual([alg, kid, typ], [key.alg, "now", "JOSE"]);
    }
    const names = Object.entries(received).toReversed();
    assert.equal(
      (await verifyCard(Object.fromEntries(names), { jwks })).keyId,
      "now",
      "the order of members is nothing",
    );
  }),
  ...once(69, "a card that was changed, or that nobody who is trusted has signed, is not trusted", async () => {
    const { received, jwks } = await signed();
    const { card } = await verifyCard(received, { jwks });
    assert.deepEqual(card.name, received.name);
    const untrusted = isError("INVALID_AGENT_RESPONSE");
    await assert.rejects(verifyCard({ ...received, name: "Somebody else" }, { jwks }), untrusted);
    await assert.rejects(verifyCard({ ...received, signatures: [] }, { jwks }), untrusted);
    await assert.rejects(verifyCard(received, { jwks: { keys: [freshKey("now").publicJwk] } }), untrusted);
    const keys = [freshKey("old").publicJwk, ...jwks.keys];
    assert.equal((await verifyCard(received, { jwks: { keys } })).keyId, "now");
  }),
];
