import assert from "node:assert/strict";
import { buildCard } from "../../../src/a2a/card/build_card.ts";
import { RESUME_EXTENSION } from "../../../src/a2a/extensions.ts";
import { jsonRpcHandler } from "../../../src/a2a/bindings/jsonrpc.ts";
import { restHandler } from "../../../src/a2a/bindings/rest.ts";
import { fakeService } from "../../a2a/fake_service.ts";
import { AGENT_URL, callWith, isError } from "../../a2a/loopback.ts";
import { bindings } from "../../server/app_under_test.ts";
import { openHouse } from "../../task/house.ts";
import { findIn, isRefused } from "./face.ts";
import { restRequest, rpcBody } from "./http_face.ts";
import { httpAt } from "./legacy_face.ts";
import { must, mustInBoth, type MustTest, once } from "./must.ts";
import { callGrpc, grpcConnection } from "./other_faces.ts";
import { peer } from "./peers.ts";
import { desk, obedient, saying, send } from "./talk.ts";

/* A2A v1 §3.3.4, §3.6, §4.6: capabilities, extensions, versions. */

const EXTENDED = { "a2a-extensions": `urn:nobody:knows, ${RESUME_EXTENSION}` };

/** Posts to the agent and gives the JSON of the answer. */
async function posted(path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await httpAt(openHouse(obedient).service)(AGENT_URL + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return await response.json();
}

const LEGACY = { message: { kind: "message", messageId: "m", role: "user", parts: [{ kind: "text", text: "hello" }] } };

export const VERSIONS: readonly MustTest[] = [
  ...must(48, "without the capability, the extended card is UNSUPPORTED_OPERATION", async (open) => {
    await assert.rejects(desk(open).ask("GetExtendedAgentCard", {}), isRefused("UNSUPPORTED_OPERATION"));
  }),
  ...mustInBoth(49, "an extension that nobody knows changes nothing", async (open) => {
    const { status } = await send(desk(open), saying("hello"), { headers: { "a2a-extensions": "urn:nobody:knows" } });
    assert.equal(status.state, "TASK_STATE_COMPLETED");
  }),
  ...once(49, "no card requires an extension, so that none can be missed", () => {
    const parts = { id: "a", name: "A", description: "", version: "1", skills: [], baseUrl: "http://agents.example" };
    const { extensions = [] } = buildCard(parts).capabilities;
    assert.ok(extensions.length > 0 && extensions.every(({ required }) => required !== true));
  }),
  ...once(
    50,
    "a stream says that it can be resumed where it was asked, and says nothing of what nobody knows",
    async () => {
      const { service } = openHouse(obedient);
      const rpc = new Request(AGENT_URL, {
        method: "POST",
        headers: { "content-type": "application/json", "a2a-version": "1.0", ...EXTENDED },
        body: rpcBody("SendStreamingMessage", saying("hello")),
      });
      const rest = restRequest("SendStreamingMessage", saying("hello"), { headers: EXTENDED });
      const route = { operation: "SendStreamingMessage", pathParams: {} } as const;
      const plain = restRequest("SendStreamingMessage", saying("hello"));
      const heads: [Response, string | null][] = [
        [await jsonRpcHandler(bindings())(rpc, findIn(service, rpc)), RESUME_EXTENSION],
        [await restHandler(bindings())(rest, route, findIn(service, rest)), RESUME_EXTENSION],
        [await restHandler(bindings())(plain, route, findIn(service, plain)), null],
      ];
      for (const [{ headers, body }, told] of heads) {
        await body?.cancel();
        assert.equal(headers.get("a2a-extensions"), told);
      }
      const asked = { headers: EXTENDED };
      const call = { operation: "SendStreamingMessage", params: saying("hello"), asked } as const;
      const { head, messages } = await callGrpc(grpcConnection(service), call);
      assert.equal(head.get("a2a-extensions"), RESUME_EXTENSION);
      await Array.fromAsync(messages);
    },
  ),
  ...once(50, "the URI of the extension carries its version", () => assert.match(RESUME_EXTENSION, /\/v\d+$/)),
  ...must(51, "an unknown version is refused, and a patch number decides nothing", async (open) => {
    const face = desk(open);
    for (const version of ["99.0", "2.0", "latest"]) {
      const asked = { headers: { "a2a-version": version } };
      await assert.rejects(face.ask("SendMessage", saying("hello"), asked), isRefused("VERSION_NOT_SUPPORTED"));
      const streamed = face.watch("SendStreamingMessage", saying("hello"), asked);
      await assert.rejects(streamed.next(), isRefused("VERSION_NOT_SUPPORTED"));
    }
    const { status } = await send(face, saying("hello"), { headers: { "a2a-version": "1.0.7" } });
    assert.equal(status.state, "TASK_STATE_COMPLETED");
  }),
  ...once(51, "no version is 0.3: a request is read and answered as 0.3 has it", async () => {
    for (const version of [undefined, "", "0.3"]) {
      const headers: Record<string, string> = version === undefined ? {} : { "a2a-version": version };
      const rpc = await posted("", { jsonrpc: "2.0", id: 1, method: "message/send", params: LEGACY }, headers);
      const { result } = rpc as { result: { kind: string; status: { state: string } } };
      assert.deepEqual([result.kind, result.status.state], ["task", "completed"]);
      const content = { message: { messageId: "m", role: "ROLE_USER", content: [{ text: "hello" }] } };
      const { task } = await posted("/v1/message:send", content, headers) as { task: { artifacts: unknown[] } };
      assert.deepEqual(task.artifacts.length, 1);
    }
  }),
  ...once(51, "the version may stand in the query", async () => {
    const { task } = await posted("/message:send?A2A-Version=1.0", saying("hello")) as { task: { status: unknown } };
    assert.ok(task.status);
    const { error } = await posted("/message:send?A2A-Version=7.0", saying("hello")) as { error: unknown };
    assert.match(JSON.stringify(error), /VERSION_NOT_SUPPORTED/);
  }),
  ...once(51, "our client tells the version with each request, that for the card too", async () => {
    const offers = [["JSONRPC", "1.0"], ["HTTP+JSON", "1.0"], ["JSONRPC", "0.3"], ["HTTP+JSON", "0.3"]] as const;
    for (const offer of offers) {
      const { client, sent } = peer(fakeService().service, { offers: [offer] });
      await client.getTask({ id: "t1" }, callWith());
      await client.cancelTask({ id: "t1" }, callWith());
      await client.deleteTaskPushNotificationConfig({ taskId: "t1", id: "c" }, callWith());
      await Array.fromAsync(client.subscribeToTask({ id: "t1" }, callWith()));
      const [card, ...rest] = sent.map(({ headers }) => headers.get("a2a-version"));
      assert.deepEqual([card, rest], ["1.0", Array(4).fill(offer[1])]);
    }
  }),
  ...once(52, "our client speaks the first interface that both sides have", async () => {
    const offers = [["urn:morse:code", "1.0"], ["JSONRPC", "7.0"], ["HTTP+JSON", "1.0"], ["JSONRPC", "1.0"]] as const;
    const { client, sent } = peer(fakeService().service, { offers });
    await client.getTask({ id: "t1" }, callWith());
    assert.deepEqual([sent[1]?.method, sent[1]?.url.pathname], ["GET", "/agents/echo/tasks/t1"]);
    const older = peer(fakeService().service, { offers: [["JSONRPC", "0.3"], ["HTTP+JSON", "1.0"]] });
    await older.client.getTask({ id: "t1" }, callWith());
    assert.equal(older.sent[1]?.headers.get("a2a-version"), "0.3");
  }),
  ...once(52, "our client, asked for a version, never takes another one", async () => {
    const both = [["JSONRPC", "0.3"], ["JSONRPC", "1.0"]] as const;
    const { client, sent } = peer(fakeService().service, { offers: both, version: "1.0" });
    await client.getTask({ id: "t1" }, callWith());
    assert.equal(sent[1]?.headers.get("a2a-version"), "1.0");
    const old = peer(fakeService().service, { offers: [["JSONRPC", "0.3"]], version: "1.0" });
    await assert.rejects(old.client.getTask({ id: "t1" }, callWith()), isError("VERSION_NOT_SUPPORTED"));
    assert.deepEqual(old.sent.map(({ method }) => method), ["GET"], "nothing but the card was asked for");
  }),
  ...once(53, "our client asks for nothing that the card does not offer", async () => {
    const { client, sent } = peer(fakeService().service, { offers: [["JSONRPC", "1.0"]], card: { capabilities: {} } });
    const watched = client.subscribeToTask({ id: "t1" }, callWith());
    await assert.rejects(Array.fromAsync(watched), isError("UNSUPPORTED_OPERATION"));
    await assert.rejects(client.getExtendedAgentCard({}, callWith()), isError("UNSUPPORTED_OPERATION"));
    const webhooks = client.listTaskPushNotificationConfigs({ taskId: "t1" }, callWith());
    await assert.rejects(webhooks, isError("PUSH_NOTIFICATION_NOT_SUPPORTED"));
    assert.deepEqual(sent.map(({ method }) => method), ["GET"], "nothing but the card was asked for");
  }),
  ...once(71, "our client repeats the tenant of its interface, and none where there is none", async () => {
    const withTenant = (protocolBinding: string, tenant?: string) => ({
      supportedInterfaces: [{
        url: AGENT_URL,
        protocolBinding,
        protocolVersion: "1.0",
        ...(tenant === undefined ? {} : { tenant }),
      }],
    });
    const rpc = peer(fakeService().service, { offers: [], card: withTenant("JSONRPC", "Lab 7") });
    await rpc.client.getTask({ id: "t1" }, callWith());
    assert.equal(JSON.parse(rpc.sent[1]?.body ?? "").params.tenant, "Lab 7");
    const rest = peer(fakeService().service, { offers: [], card: withTenant("HTTP+JSON", "Lab 7") });
    await rest.client.getTask({ id: "t1" }, callWith()).catch(() => {});
    assert.equal(rest.sent[1]?.url.pathname, "/agents/echo/Lab%207/tasks/t1");
    const none = peer(fakeService().service, { offers: [], card: withTenant("JSONRPC") });
    await none.client.getTask({ id: "t1" }, callWith());
    assert.ok(!("tenant" in JSON.parse(none.sent[1]?.body ?? "").params));
  }),
];
