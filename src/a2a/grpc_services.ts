import { type MethodOperation, METHODS } from "./methods.ts";

/** The gRPC service of one generation of the protocol. */
export interface GrpcService {
  /** Its full name in the proto. */
  readonly name: string;
  /** What its methods ask for, by name. */
  readonly operations: ReadonlyMap<string, MethodOperation>;
}

/** A2A v1 §10: methods are named after the operations. */
export const GRPC_V1: GrpcService = {
  name: "lf.a2a.v1.A2AService",
  operations: new Map(
    [...METHODS].flatMap(([name, { operation, generation }]) => generation === "v1" ? [[name, operation]] : []),
  ),
};

/** A2A 0.3 §3.2.2. */
export const GRPC_V0_3: GrpcService = {
  name: "a2a.v1.A2AService",
  operations: new Map<string, MethodOperation>([
    ["SendMessage", "SendMessage"],
    ["SendStreamingMessage", "SendStreamingMessage"],
    ["GetTask", "GetTask"],
    ["CancelTask", "CancelTask"],
    ["TaskSubscription", "SubscribeToTask"],
    ["CreateTaskPushNotificationConfig", "CreateTaskPushNotificationConfig"],
    ["GetTaskPushNotificationConfig", "GetTaskPushNotificationConfig"],
    ["ListTaskPushNotificationConfig", "ListTaskPushNotificationConfigs"],
    ["DeleteTaskPushNotificationConfig", "DeleteTaskPushNotificationConfig"],
    ["GetAgentCard", "GetAgentCard"],
  ]),
};
