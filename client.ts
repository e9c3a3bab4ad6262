/*
 * hector's A2A client as a library. docs/client.md tells how it is used.
 */

export { connectAgent } from "./src/app/connect_agent.ts";
export type { AgentClient, AskOptions, Said, SayOptions } from "./src/a2a/client/agent_client.ts";
export type { ClientOptions } from "./src/a2a/client/client_options.ts";
export type { A2AClient } from "./src/a2a/client/create_client.ts";
export type { PeerVersion } from "./src/a2a/client/choose_interfaces.ts";
export type { ClientAuth, WantedAuth } from "./src/a2a/client/keyring.ts";
export { readJwks, type TrustedKeys } from "./src/a2a/card/verify_card.ts";
export { Secret } from "./src/lib/secret.ts";

export { A2AError, type ErrorReason, type FieldViolation } from "./src/a2a/errors.ts";
export { apply } from "./src/a2a/apply.ts";
export {
  agentMessage,
  answerOf,
  questionOf,
  textOf,
  type ToolCall,
  toolCallsOf,
  type ToolOutcome,
  toolOutcomesOf,
  userMessage,
} from "./src/a2a/parts.ts";
export type { Numbered } from "./src/a2a/service.ts";
export type { AgentCard } from "./src/a2a/card/card_types.ts";
export {
  type Artifact,
  type ListTasksRequest,
  type ListTasksResponse,
  type Message,
  type Part,
  type SendMessageResponse,
  type StreamResponse,
  type Task,
  type TaskState,
  type TaskStatus,
} from "./src/a2a/types.ts";
export { isInterrupted, isTerminal } from "./src/a2a/task_state.ts";
