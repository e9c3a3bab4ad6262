import assert from "node:assert/strict";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { GRPC_V0_3, GRPC_V1 } from "../../src/a2a/grpc_services.ts";
import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { grpcReflection } from "../../src/server/grpc_reflection.ts";
import { httpRules, pathOf } from "../a2a/proto/http_rules.ts";
import { appUnderTest } from "./app_under_test.ts";
import { servedAgent } from "./served_agent.ts";

const codec = await loadCodec();

for (const service of [GRPC_V1, GRPC_V0_3]) {
  for (const { rpc, method, template } of httpRules(service)) {
    Deno.test(`${method} ${template} reaches ${rpc} of ${service.name}`, async () => {
      const app = appUnderTest([servedAgent("desk")]);
      const path = pathOf(template, (name) => name === "tenant" ? "desk" : "1");
      const version = service === GRPC_V1 ? "1.0" : "0.3";
      const headers = { "a2a-version": version, "content-type": "application/json" };
      const response = await app(path, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
      const text = await response.text();
      // What it makes of an empty request is its own affair; that there is such a route is not.
      assert.notEqual(response.status, 405, text);
      assert.doesNotMatch(text, /METHOD_NOT_FOUND|no such route|AGENT_NOT_FOUND/);
    });
  }
}

Deno.test("reflection tells the rules, and what they are made of", async () => {
  const name = "grpc.reflection.v1";
  const method = grpcReflection(codec, [GRPC_V1.name]).get(`/${name}.ServerReflection/ServerReflectionInfo`);
  assert.equal(method?.kind, "bidi");
  const request = codec.message(`${name}.ServerReflectionRequest`).encode({ fileContainingSymbol: GRPC_V1.name });
  const asked = (async function* () {
    yield request;
  })();
  const files: ReturnType<typeof read>[] = [];
  const read = (bytes: Uint8Array) => fromBinary(FileDescriptorProtoSchema, bytes);
  const call = { peer: undefined, metadata: new Map(), signal: new AbortController().signal, head: [], trailers: [] };
  for await (const bytes of method.answer(asked, call)) {
    const answer = JSON.stringify(codec.message(`${name}.ServerReflectionResponse`).decode(bytes));
    const { fileDescriptorResponse } = JSON.parse(answer);
    for (const file of fileDescriptorResponse.fileDescriptorProto) {
      files.push(read(Uint8Array.from(atob(file), (character) => character.charCodeAt(0))));
    }
  }
  const names = files.map((file) => file.name);
  for (const file of ["lf/a2a/v1/a2a.proto", "google/api/annotations.proto", "google/api/http.proto"]) {
    assert.ok(names.includes(file), `${file} is not told`);
  }
  const [service] = files[0]?.service ?? [];
  assert.ok(service?.method.every(({ options }) => (options?.$unknown?.length ?? 0) > 0));
});
