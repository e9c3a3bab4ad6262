import assert from "node:assert/strict";
import { toV03Card } from "../../src/a2a/card/card_v0_3.ts";
import type { A2AService } from "../../src/a2a/service.ts";
import { cardOffering } from "../a2a/loopback.ts";
import { OK, openPushHouse } from "../task/push/receivers.ts";
import { httpAt } from "./musts/legacy_face.ts";
import { obedient } from "./musts/talk.ts";
import type { SdkPeer } from "./sdk/sdk_peer.ts";
import { sdkV03 } from "./sdk/sdk_v0_3.ts";
import { sdkV1 } from "./sdk/sdk_v1.ts";

/*
 * The clients of @a2a-js/sdk, the present one and that of A2A 0.3, over real sockets against the real task service: every
 * operation over every binding that they have on HTTP. Over gRPC: grpc_peers.ts.
 */

const CLIENTS: readonly (readonly [string, (cardUrl: string) => Promise<SdkPeer>, binding: string, version: string])[] =
  [
    ["1.3.0", sdkV1, "JSONRPC", "1.0"],
    ["1.3.0", sdkV1, "HTTP+JSON", "1.0"],
    ["1.3.0", sdkV1, "JSONRPC", "0.3"],
    ["1.3.0", sdkV1, "HTTP+JSON", "0.3"],
    ["0.3.14", sdkV03, "JSONRPC", "0.3"],
    ["0.3.14", sdkV03, "HTTP+JSON", "0.3"],
  ];

interface Offer {
  readonly binding: string;
  readonly version: string;
}

/** Serves an agent over one binding while `act` runs. */
async function withAgent({ binding, version }: Offer, act: (cardUrl: string) => Promise<void>): Promise<void> {
  let base = "";
  const card = () => ({
    ...cardOffering([[binding, version]], base),
    capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: true },
  });
  const service: A2AService = {
    ...openPushHouse(obedient, OK).service,
    getExtendedAgentCard: () => Promise.resolve({ ...card(), name: "Echo, extended" }),
  };
  const answer = httpAt(service);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers, signal } = request;
    if (pathname === "/card.json") {
      return Response.json(headers.get("a2a-version") === "1.0" ? card() : toV03Card(card()));
    }
    const body = request.body === null ? {} : { body: await request.text() };
    return await answer(`http://agent.example${pathname}${search}`, { method, headers, signal, ...body });
  });
  base = `http://127.0.0.1:${server.addr.port}/agents/echo`;
  try {
    await act(`http://127.0.0.1:${server.addr.port}/card.json`);
  } finally {
    await server.shutdown();
  }
}

for (const [sdk, open, binding, version] of CLIENTS) {
  const name = `@a2a-js/sdk ${sdk} over ${binding} ${version}`;
  const check = (what: string, act: (peer: SdkPeer) => Promise<void>) =>
    Deno.test(`${name} ${what}`, () => withAgent({ binding, version }, async (url) => await act(await open(url))));

  check("sends, goes on, reads and cancels", async (peer) => {
    const done = await peer.send("hello");
    assert.deepEqual([done.state, done.text], ["completed", "hello"]);
    const asked = await peer.send("ask");
    assert.equal(asked.state, "input-required");
    assert.deepEqual(await peer.send("done", asked.id).then(({ id, state }) => [id, state]), [asked.id, "completed"]);
    assert.deepEqual(await peer.get(asked.id, 2).then(({ state, messages }) => [state, messages]), ["completed", 2]);
    const open = await peer.send("ask");
    assert.equal((await peer.cancel(open.id)).state, "canceled");
    assert.equal((await peer.get(open.id, 0)).state, "canceled");
    if (peer.list !== undefined && version === "1.0") assert.deepEqual(await peer.list(done.contextId), [done.id]);
  });

  check("streams a turn to its end", async (peer) => {
    const events = await Array.fromAsync(peer.stream("hello"));
    assert.deepEqual(events, ["task submitted", "status working", "artifactUpdate", "status completed"]);
    assert.equal((await Array.fromAsync(peer.stream("ask"))).at(-1), "status input-required");
  });

  check("subscribes to a task and hears what comes", async (peer) => {
    const { id } = await peer.send("ask");
    const events = peer.subscribe(id);
    assert.equal((await events.next()).value, "task input-required");
    await peer.cancel(id);
    assert.deepEqual(await Array.fromAsync(events), ["status canceled"]);
  });

  check("makes, reads, lists and deletes webhooks", async (peer) => {
    const { id } = await peer.send("ask");
    for (const hook of ["a", "b"]) assert.equal(await peer.makeHook(id, hook), hook);
    assert.equal(await peer.getHook(id, "b"), "https://hook.example/a");
    assert.deepEqual(await peer.listHooks(id), ["a", "b"]);
    await peer.deleteHook(id, "a");
    assert.deepEqual(await peer.listHooks(id), ["b"]);
    await assert.rejects(peer.getHook(id, "a"));
  });

  check("reads the extended card", async (peer) => assert.equal(await peer.extendedName(), "Echo, extended"));

  check("hears why it is refused", async (peer) => {
    const { id } = await peer.send("hello");
    await assert.rejects(peer.get("nobody", 0), { name: "TaskNotFoundError" });
    await assert.rejects(peer.cancel(id), { name: "TaskNotCancelableError" });
    await assert.rejects(peer.send("more", id), { name: "UnsupportedOperationError" });
    // The SDK of 0.3 has no class for an error within a stream.
    await assert.rejects(peer.subscribe("nobody").next(), /not found/);
  });
}
