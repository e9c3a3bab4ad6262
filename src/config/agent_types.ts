/** What an agent is. */
export const AGENT_TYPES = ["llm", "sequential", "parallel", "loop", "runner", "remote"] as const;
export type AgentType = typeof AGENT_TYPES[number];
