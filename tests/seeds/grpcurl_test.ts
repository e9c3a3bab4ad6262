import assert from "node:assert/strict";
import { toGrpcCall } from "./grpcurl.ts";

Deno.test("toGrpcCall() reads a command line of grpcurl as a shell does", () => {
  const script =
    `grpcurl -plaintext -H 'Agent-Name: assistant' -d '{"request": {}}' \\\nlocalhost:8080 a2a.v1.A2AService/SendMessage`;
  assert.deepEqual(toGrpcCall(script), {
    path: "/a2a.v1.A2AService/SendMessage",
    json: { request: {} },
    metadata: [["agent-name", "assistant"]],
    input: "a2a.v1.SendMessageRequest",
    output: "a2a.v1.SendMessageResponse",
  });
});

Deno.test("toGrpcCall() refuses what it does not know", () => {
  for (
    const [script, words] of [
      ["curl x", /No command of grpcurl/],
      ["grpcurl -insecure localhost:1 a.B/SendMessage", /Unknown option -insecure/],
      ["grpcurl localhost:1 a.B/Other", /Unknown method a\.B\/Other/],
    ] as const
  ) assert.throws(() => toGrpcCall(script), words);
});
