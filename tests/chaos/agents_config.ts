export const ESSAY = Array.from({ length: 30 }, (_, line) => `Sentence ${line + 1} on {{message}}.`).join(" ");

export const PANEL = ["first", "second", "third"] as const;

const POST = { type: "web_request", allow: ["127.0.0.1"], require_approval: false };

/** Tools that tell the witness, each with another word on what a crash in the middle means. */
const TOOLS = {
  post_once: { ...POST, replay: "once" },
  post_safe: { ...POST, replay: "safe" },
  post_ask: { ...POST, replay: "ask" },
  post_guarded: { ...POST, replay: "once", require_approval: true },
};

type Tool = keyof typeof TOOLS;

/** A model that for "job ID" tells the witness NAME/ID by a tool, once, and says that it has. */
function sender(name: string, tool: Tool, witness: string) {
  const call = { name: tool, arguments: { url: `${witness}/${name}/{{match.1}}`, method: "POST" } };
  const slowly = { first_delay_ms: 20, chunk_chars: 6, delay_ms: 10 };
  return {
    provider: "scripted",
    rules: [
      { match: { tool_result: true }, reply: { ...slowly, text: `Done by ${name}.` } },
      { match: { text: "/^job (\\S+)/" }, reply: { ...slowly, text: "I do it.\n", calls: [call] } },
    ],
    default: { text: "Nothing else." },
  };
}

const SUBTASKS = PANEL.map((agent, at) => ({
  id: agent,
  title: agent,
  agent,
  task: `job {{match.1}}-planned`,
  depends_on: at === 2 ? PANEL.slice(0, 2) : [],
}));

/** A model whose plan gives each of the panel a part; the last one needs the others'. */
const PLANNER = {
  provider: "scripted",
  rules: [
    { match: { tool_result: true }, reply: { text: "Done by plan.", chunk_chars: 4, delay_ms: 10 } },
    {
      match: { text: "/^job (\\S+)/" },
      reply: { calls: [{ name: "carry_out_plan", arguments: { goal: "All of it", subtasks: SUBTASKS } }] },
    },
  ],
  default: { text: "Nothing else." },
};

/** By agent that works with a tool of its own. */
const SENDERS: Readonly<Record<string, Tool>> = {
  once: "post_once",
  safe: "post_safe",
  ask: "post_ask",
  approval: "post_guarded",
  first: "post_once",
  second: "post_once",
  third: "post_once",
};

/** The server that clients talk to: an agent for each kind of thing that a kill can interrupt. */
export function nearConfig(witness: string, far: string) {
  const names = Object.entries(SENDERS);
  return {
    llms: {
      essay: { provider: "scripted", default: { text: ESSAY, chunk_chars: 60, delay_ms: 15 } },
      plan: PLANNER,
      ...Object.fromEntries(names.map(([name, tool]) => [name, sender(name, tool, witness)])),
    },
    agents: {
      stream: { llm: "essay" },
      ...Object.fromEntries(names.map(([name, tool]) => [name, { llm: name, tools: [tool] }])),
      parallel: { type: "parallel", sub_agents: PANEL },
      plan: { llm: "plan", sub_agents: PANEL, reasoning: { engine: "supervisor" } },
      remote: { type: "remote", url: far, target_agent_id: "far" },
    },
    tools: TOOLS,
  };
}

/** The server of the remote agent. */
export function farConfig(witness: string) {
  return {
    llms: { far: sender("far", "post_once", witness) },
    agents: { far: { llm: "far", tools: ["post_once"] } },
    tools: { post_once: TOOLS.post_once },
  };
}
