import assert from "node:assert/strict";
import { fromGrpcAnswer, numberedEvent, rpcOf, toGrpcRequest } from "../../../src/a2a/client/grpc_spelling.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { grpcV03 } from "../../../src/a2a/bindings/grpc_spelling.ts";
import { readCard } from "../../../src/a2a/card/read_card.ts";
import type { AgentCard } from "../../../src/a2a/card/card_types.ts";
import { CARD } from "../fake_service.ts";
import { isError } from "../loopback.ts";

const RESUME = "https://hector.dev/a2a/extensions/resume/v1";
const outgoing = (operation: Operation, params: Record<string, unknown>) => ({
  operation,
  params,
  headers: {},
  signal: new AbortController().signal,
  answerMs: undefined,
  refused: false,
});

const RPCS: readonly (readonly [operation: Operation, v1: string, v0_3: string])[] = [
  ["SendMessage", "SendMessage", "SendMessage"],
  ["SubscribeToTask", "SubscribeToTask", "TaskSubscription"],
  ["ListTaskPushNotificationConfigs", "ListTaskPushNotificationConfigs", "ListTaskPushNotificationConfig"],
  ["GetExtendedAgentCard", "GetExtendedAgentCard", "GetAgentCard"],
];
for (const [operation, v1, v0_3] of RPCS) {
  Deno.test(`rpcOf() of ${operation} is ${v1} in 1.0 and ${v0_3} in 0.3`, () => {
    assert.deepEqual(rpcOf("a2a_v1", operation), { service: "lf.a2a.v1.A2AService", method: v1 });
    assert.deepEqual(rpcOf("a2a_v0_3", operation), { service: "a2a.v1.A2AService", method: v0_3 });
  });
}

Deno.test("rpcOf() says what 0.3 cannot do", () => {
  assert.throws(() => rpcOf("a2a_v0_3", "ListTasks"), isError("UNSUPPORTED_OPERATION", /ListTasks/));
});

const NAMES: readonly (readonly [operation: Operation, params: Record<string, unknown>, named: unknown])[] = [
  ["GetTask", { id: "t1" }, { id: "t1", name: "tasks/t1" }],
  ["SubscribeToTask", { id: "t1" }, { id: "t1", name: "tasks/t1" }],
  ["DeleteTaskPushNotificationConfig", { taskId: "t1", id: "c1" }, { name: "tasks/t1/pushNotificationConfigs/c1" }],
  ["ListTaskPushNotificationConfigs", { taskId: "t1" }, { taskId: "t1", parent: "tasks/t1" }],
  ["SendMessage", { message: 1 }, { message: 1 }],
];
for (const [operation, params, named] of NAMES) {
  Deno.test(`toGrpcRequest() of ${operation} names resources in 0.3 alone`, () => {
    assert.deepEqual(toGrpcRequest("a2a_v0_3", outgoing(operation, params)), named);
    assert.equal(toGrpcRequest("a2a_v1", outgoing(operation, params)), params);
  });
}

Deno.test("fromGrpcAnswer() reads the card as 0.3's proto has it: with all of its security", () => {
  const card: AgentCard = {
    ...CARD,
    capabilities: { streaming: true, extendedAgentCard: true },
    securitySchemes: { jwt: { httpAuthSecurityScheme: { scheme: "bearer" } } },
    securityRequirements: [{ schemes: { jwt: { list: ["a"] } } }],
    skills: [{
      id: "s",
      name: "S",
      description: "Does",
      tags: ["t"],
      securityRequirements: [{ schemes: { jwt: { list: [] } } }],
    }],
  };
  const written = grpcV03({ newId: () => "x" }).writeCard?.(card);
  const read = readCard(fromGrpcAnswer("a2a_v0_3", written));
  const { securitySchemes, securityRequirements, skills, capabilities } = read;
  assert.deepEqual({ securitySchemes, securityRequirements, skills }, {
    securitySchemes: card.securitySchemes,
    securityRequirements: card.securityRequirements,
    skills: card.skills,
  });
  assert.equal(capabilities.extendedAgentCard, true);
});

const EVENTS: readonly (readonly [name: string, payload: unknown, id: string, told: unknown])[] = [
  ["a number alone", { task: { id: "t", metadata: { [RESUME]: { seq: 7 } } } }, "7", { task: { id: "t" } }],
  [
    "a number beside other things",
    { message: { messageId: "m", metadata: { [RESUME]: { seq: 7 }, a: 1 } } },
    "7",
    { message: { messageId: "m", metadata: { a: 1 } } },
  ],
  ["no number", { task: { id: "t", metadata: { a: 1 } } }, "", { task: { id: "t", metadata: { a: 1 } } }],
  ["an empty context", { statusUpdate: { taskId: "t" } }, "", { statusUpdate: { taskId: "t", contextId: "" } }],
  [
    "a mark that is none",
    { task: { metadata: { [RESUME]: { seq: "x" } } } },
    "",
    { task: {} },
  ],
  ["nothing", undefined, "", undefined],
];
for (const [name, payload, id, told] of EVENTS) {
  Deno.test(`numberedEvent() reads ${name}`, () => {
    assert.deepEqual(numberedEvent(payload), { id, payload: told });
  });
}
