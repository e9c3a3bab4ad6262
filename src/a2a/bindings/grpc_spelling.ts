import { isRecord } from "../../lib/json.ts";
import type { AgentCard } from "../card/card_types.ts";
import { toV03Card } from "../card/card_v0_3.ts";
import { a2aV03Rest } from "../dialects/a2a_v0_3_rest.ts";
import { a2aV1Rest } from "../dialects/a2a_v1.ts";
import type { DialectName, EventDialect, LegacyOptions, Reading } from "../dialects/dialect.ts";
import type { Profile } from "../error_wire.ts";
import { A2AError } from "../errors.ts";
import { GRPC_V0_3, GRPC_V1 } from "../grpc_services.ts";
import type { MethodOperation } from "../methods.ts";
import type { Operation } from "../operations.ts";
import { present } from "../present.ts";

/** One generation of the protocol over gRPC: its service, and how its messages' ProtoJSON reads. */
export interface GrpcSpelling {
  readonly service: string;
  readonly generation: DialectName;
  readonly dialect: EventDialect;
  /** What a method asks for. */
  operationOf(method: string): MethodOperation | undefined;
  /** A request's ProtoJSON → what the binding validates. Throws A2AError INVALID_PARAMS. */
  read(operation: Operation, json: unknown): Reading;
  /** The ProtoJSON of a public card, where a method asks for it. */
  writeCard?(card: AgentCard): unknown;
}

/** A2A v1 §10: methods are named after the operations, and the core's objects are the messages. */
export function grpcV1(profile: Profile): GrpcSpelling {
  const dialect = a2aV1Rest(profile);
  return {
    service: GRPC_V1.name,
    generation: "a2a_v1",
    dialect,
    operationOf: (method) => GRPC_V1.operations.get(method),
    read: (operation, json) => dialect.read(operation, json),
  };
}

/** A2A 0.3 §3.2.2: the objects of its REST binding, and names of resources where REST has paths. */
export function grpcV03(options: LegacyOptions): GrpcSpelling {
  const dialect = a2aV03Rest(options);
  return {
    service: GRPC_V0_3.name,
    generation: "a2a_v0_3",
    dialect,
    operationOf: (method) => GRPC_V0_3.operations.get(method),
    read: (operation, json) => dialect.read(operation, readNames(operation, json)),
    writeCard: writeV03Card,
  };
}

const NAME = /^tasks\/([^/]+)(?:\/pushNotificationConfigs\/([^/]+))?$/;

/** `name` and `parent` (`tasks/{id}/pushNotificationConfigs/{id}`) → the members that stand for path parameters. */
function readNames(operation: Operation, json: unknown): unknown {
  if (!isRecord(json)) return json;
  switch (operation) {
    case "SendMessage":
    case "SendStreamingMessage":
      return withBlocking(json);
    case "CreateTaskPushNotificationConfig":
    case "ListTaskPushNotificationConfigs":
      return { ...json, taskId: idsIn(json, "parent").taskId };
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig": {
      const { taskId, configId } = idsIn(json, "name");
      return { taskId, id: configId };
    }
    default:
      return { ...json, id: idsIn(json, "name").taskId };
  }
}

/** In proto3 an unset bool is false: a configuration that does not say `blocking` says no, unlike in JSON. */
function withBlocking(json: Record<string, unknown>): unknown {
  return isRecord(json.configuration) ? { ...json, configuration: { blocking: false, ...json.configuration } } : json;
}

function idsIn(json: Record<string, unknown>, field: "name" | "parent") {
  const name = json[field];
  const [, taskId, configId] = NAME.exec(typeof name === "string" ? name : "") ?? [];
  if (taskId !== undefined) return { taskId, configId };
  const description = 'expected "tasks/{id}", for a configuration "tasks/{id}/pushNotificationConfigs/{id}"';
  throw new A2AError("INVALID_PARAMS", `Invalid parameters: ${field}: ${description}`, {
    violations: [{ field, description }],
  });
}

/** The proto of 0.3 spells security as 1.0 does; only its JSON-RPC card tells schemes by `type`. */
function writeV03Card(card: AgentCard): unknown {
  const { securitySchemes, securityRequirements, skills } = card;
  return present({
    ...toV03Card(card),
    securitySchemes,
    security: securityRequirements,
    skills: skills.map(({ securityRequirements, ...skill }) => present({ ...skill, security: securityRequirements })),
  });
}
