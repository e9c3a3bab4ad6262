import assert from "node:assert/strict";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { metadataOf } from "../../src/lib/grpc/grpc_metadata.ts";
import { framedMessage } from "../../src/lib/grpc/grpc_messages.ts";
import { GRPC_STATUS } from "../../src/lib/grpc/grpc_status.ts";
import type { Http2Stream } from "../../src/lib/http2/http2_stream.ts";
import { SILENT } from "../../src/lib/log.ts";
import { OPEN } from "../../src/guard/open.ts";
import { createGrpcFace } from "../../src/server/grpc_face.ts";
import { type FakeService, fakeService as answering } from "../a2a/fake_service.ts";
import { ask, beginCall, grpcHead, messagesOf } from "../lib/grpc/grpc_client.ts";
import { http2Pair } from "../lib/http2/http2_pair.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import { servedAgent } from "./served_agent.ts";

const codec = await loadCodec();
const REFLECTIONS = ["grpc.reflection.v1", "grpc.reflection.v1alpha"];

async function face() {
  const fakes = new Map<string, FakeService>(["first", "second", "hidden"].map((id) => [id, answering()]));
  const agents = [...fakes].map(([id, { service }]) =>
    servedAgent(id, id === "hidden" ? "private" : "public", service)
  );
  const timers = manualTimers();
  const state: { unready?: string } = {};
  const onStream = await createGrpcFace({
    directory: () => ({ agents: new Map(agents.map((agent) => [agent.id, agent])), defaultAgent: "first" }),
    baseUrl: () => "http://agents.example",
    profile: "1.0.1",
    newId: () => "made-up",
    body: { maxBytes: 100_000, timeoutMs: 60_000 },
    unreadyBecause: () => state.unready,
    guard: OPEN,
    timers,
    log: SILENT,
  });
  const pair = http2Pair({ onStream });
  const tell = async (path: string, request: unknown, metadata: Record<string, string> = {}) => {
    const [, service = "", name = ""] = path.split("/");
    const method = codec.methods(service).find((method) => method.name === name);
    assert.ok(method);
    const { messages, trailers } = await ask(pair.client, path, method.input.encode(request), {
      metadata: Object.entries(metadata),
    });
    return {
      status: Number(trailers.get("grpc-status")),
      messages: messages.map((bytes) => method.output.decode(bytes)),
    };
  };
  return { fakes, pair, state, timers, tell };
}

/** Who answers: [tenant, metadata agent-name, the agent or a status]. */
const NAMES: [tenant: string, name: string | undefined, found: string | number][] = [
  ["", undefined, "first"],
  ["second", undefined, "second"],
  ["", "second", "second"],
  ["first", "second", "first"],
  ["hidden", undefined, GRPC_STATUS.NOT_FOUND],
  ["constructor", undefined, GRPC_STATUS.NOT_FOUND],
  ["", "nobody", GRPC_STATUS.NOT_FOUND],
];
for (const [tenant, name, found] of NAMES) {
  Deno.test(`tenant "${tenant}" and agent-name ${name} are ${found}`, async () => {
    const { fakes, pair, tell } = await face();
    await using _pair = pair;
    const metadata: Record<string, string> = name === undefined ? {} : { "agent-name": name };
    const { status } = await tell("/lf.a2a.v1.A2AService/GetTask", { tenant, id: "t1" }, metadata);
    assert.equal(status, typeof found === "number" ? found : 0);
    const asked = [...fakes].filter(([, fake]) => fake.asked.length > 0).map(([id]) => id);
    assert.deepEqual(asked, typeof found === "number" ? [] : [found]);
  });
}

Deno.test("the extensions that a caller lists reach the service", async () => {
  const { fakes, pair, tell } = await face();
  await using _pair = pair;
  await tell("/lf.a2a.v1.A2AService/GetTask", { id: "t1" }, {
    "a2a-extensions": "https://a.example/1, https://b.example/2,",
  });
  assert.deepEqual(fakes.get("first")?.asked[0]?.call.extensions, ["https://a.example/1", "https://b.example/2"]);
});

Deno.test("0.3 finds its agent by metadata, and that agent's card", async () => {
  const { pair, tell } = await face();
  await using _pair = pair;
  const { messages } = await tell("/a2a.v1.A2AService/GetAgentCard", {}, { "agent-name": "second" });
  assert.equal((messages[0] as { name: string }).name, "second");
});

const HEALTH = "/grpc.health.v1.Health";

Deno.test("Health/Check says whether traffic should come, for every service", async () => {
  const { pair, state, tell } = await face();
  await using _pair = pair;
  for (const service of ["", "lf.a2a.v1.A2AService", "a2a.v1.A2AService", "grpc.health.v1.Health"]) {
    assert.deepEqual((await tell(`${HEALTH}/Check`, { service })).messages, [{ status: "SERVING" }], service);
  }
  assert.equal((await tell(`${HEALTH}/Check`, { service: "nope" })).status, GRPC_STATUS.NOT_FOUND);
  state.unready = "stopping";
  assert.deepEqual((await tell(`${HEALTH}/Check`, {})).messages, [{ status: "NOT_SERVING" }]);
});

Deno.test("Health/Watch tells every change and ends when its caller goes", async () => {
  const { pair, state, timers } = await face();
  await using _pair = pair;
  const request = codec.message("grpc.health.v1.HealthCheckRequest");
  const response = codec.message("grpc.health.v1.HealthCheckResponse");
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const stream = await beginCall(pair.client, `${HEALTH}/Watch`, { messages: [request.encode({})] });
  const answers = messagesOf(stream);
  const next = async () => response.decode((await answers.next()).value ?? new Uint8Array(0));
  assert.deepEqual(await next(), { status: "SERVING" });
  await settle();
  timers.advance(5000);
  state.unready = "stopping";
  for (let seconds = 0; seconds < 2; seconds++) {
    await settle();
    timers.advance(1000);
  }
  assert.deepEqual(await next(), { status: "NOT_SERVING" });
  stream.reset("CANCEL");
  await pair.client.ping();
  await settle();
  assert.equal(timers.running(), 0);
});

Deno.test("Health/Watch of an unknown service says so and waits", async () => {
  const { pair } = await face();
  await using _pair = pair;
  const bytes = codec.message("grpc.health.v1.HealthCheckRequest").encode({ service: "nope" });
  const stream = await beginCall(pair.client, `${HEALTH}/Watch`, { messages: [bytes] });
  const { value = new Uint8Array(0) } = await messagesOf(stream).next();
  assert.deepEqual(codec.message("grpc.health.v1.HealthCheckResponse").decode(value), { status: "SERVICE_UNKNOWN" });
  assert.equal(stream.isClosed, false);
});

interface Reflected {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly string[] };
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly allExtensionNumbersResponse?: unknown;
  readonly errorResponse?: { readonly errorCode: number };
  readonly originalRequest?: unknown;
}

/** Asks one reflection service several questions over one stream. */
async function reflect(version: string, ...questions: readonly unknown[]): Promise<Reflected[]> {
  const { pair } = await face();
  await using _pair = pair;
  const request = codec.message(`${version}.ServerReflectionRequest`);
  const response = codec.message(`${version}.ServerReflectionResponse`);
  const stream: Http2Stream = await pair.client.request(grpcHead(`/${version}.ServerReflection/ServerReflectionInfo`));
  const answers = messagesOf(stream);
  const told: Reflected[] = [];
  for (const question of questions) {
    await stream.send(await framedMessage(request.encode(question), "identity"));
    told.push(response.decode((await answers.next()).value ?? new Uint8Array(0)) as Reflected);
  }
  await stream.send(new Uint8Array(0), { end: true });
  assert.equal((await answers.next()).done, true);
  assert.equal(metadataOf(stream.trailers).get("grpc-status"), "0");
  return told;
}

/** Names of the files of an answer, the asked one first. */
function filesIn(answer: Reflected | undefined): string[] {
  const type = codec.registry.getMessage("google.protobuf.FileDescriptorProto");
  assert.ok(type);
  return (answer?.fileDescriptorResponse?.fileDescriptorProto ?? []).map((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const json = codec.message("google.protobuf.FileDescriptorProto").decode(bytes) as { name: string };
    return json.name;
  });
}

for (const version of REFLECTIONS) {
  Deno.test(`${version} lists the services and gives the files of what is asked for`, async () => {
    const question = { host: "h", fileContainingSymbol: "lf.a2a.v1.A2AService" };
    const [services, bySymbol, byMember, byName] = await reflect(
      version,
      { listServices: "" },
      question,
      { fileContainingSymbol: "a2a.v1.A2AService.SendMessage" },
      { fileByFilename: "google/rpc/status.proto" },
    );
    assert.deepEqual(services?.listServicesResponse?.service.map(({ name }) => name).sort(), [
      "a2a.v1.A2AService",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "lf.a2a.v1.A2AService",
    ]);
    const files = filesIn(bySymbol);
    assert.equal(files[0], "lf/a2a/v1/a2a.proto");
    assert.deepEqual(files.slice(1).sort(), [
      "google/api/annotations.proto",
      "google/api/field_behavior.proto",
      "google/api/http.proto",
      "google/protobuf/descriptor.proto",
      "google/protobuf/empty.proto",
      "google/protobuf/struct.proto",
      "google/protobuf/timestamp.proto",
    ]);
    assert.deepEqual(bySymbol?.originalRequest, question);
    assert.equal(filesIn(byMember)[0], "a2a/v1/a2a.proto");
    assert.deepEqual(filesIn(byName), ["google/rpc/status.proto", "google/protobuf/any.proto"]);
  });

  Deno.test(`${version} finds extensions, and says what it cannot find without ending the stream`, async () => {
    const extendee = "google.protobuf.FieldOptions";
    const [numbers, file, ...wrong] = await reflect(
      version,
      { allExtensionNumbersOfType: extendee },
      { fileContainingExtension: { containingType: extendee, extensionNumber: 1052 } },
      { fileContainingExtension: { containingType: extendee, extensionNumber: 1 } },
      { fileByFilename: "nope.proto" },
      { fileContainingSymbol: "nope" },
      { fileContainingSymbol: "" },
      {},
    );
    assert.deepEqual(numbers?.allExtensionNumbersResponse, { baseTypeName: extendee, extensionNumber: [1052] });
    assert.equal(filesIn(file)[0], "google/api/field_behavior.proto");
    assert.deepEqual(wrong.map(({ errorResponse }) => errorResponse?.errorCode), [5, 5, 5, 5, 3]);
  });
}
