import { type AgentClient, createAgentClient } from "../a2a/client/agent_client.ts";
import type { ClientOptions } from "../a2a/client/client_options.ts";
import { openClient, type OpenClientOptions } from "./open_client.ts";

/**
 * A remote agent of A2A 1.0 or 0.3: `agent` is its card, or the URL of a server, an agent, an endpoint or the card itself.
 * Nothing is asked before the first call. Close it when it is not needed any more: gRPC keeps a connection open.
 */
export function connectAgent(agent: ClientOptions["agent"], options: OpenClientOptions = {}): AgentClient {
  return createAgentClient(openClient(agent, options), { newId: () => crypto.randomUUID() });
}
