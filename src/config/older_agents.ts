import { type Change, convert, drop, inOrder, move, spotIn, values, within } from "./change.ts";
import { secondsIn } from "./older_auth.ts";
import { dropEmpty, olderTransports } from "./older_server.ts";
import { type Entry, join } from "./tree.ts";

/** A list of agents with a `name` each, which was their id. */
export const listOfAgents: Change = (root, spot) => {
  const agents = root.entries.get("agents");
  if (agents?.value.kind !== "list") return root;
  const { findings } = spot;
  const { path } = spotIn(spot, "agents", agents);
  const entries = new Map<string, Entry>();
  for (const [at, item] of agents.value.items.entries()) {
    const was = join(path, at);
    const name = item.kind === "table" ? item.entries.get("name")?.value : undefined;
    const id = name?.kind === "scalar" && typeof name.value === "string" ? name.value : undefined;
    // Ids are shown to everybody, which what stands in the environment must not be.
    if (name?.kind === "scalar" && name.variables !== undefined) {
      const message = "found text from a variable, expected the agent's id written out";
      findings.push({ offset: name.offset, path: join(was, "name"), message });
    } else if (id === undefined) {
      findings.push({
        offset: item.offset,
        path: was,
        message: "found no name, expected one, as it is the agent's id",
      });
    } else if (entries.has(id)) {
      findings.push({ offset: item.offset, path: was, message: "found a name that is taken, expected another" });
    } else {
      entries.set(id, { offset: item.offset, value: item, was });
      spot.moves.push({ offset: item.offset, from: was, to: join("agents", id) });
    }
  }
  const value = { kind: "table", offset: agents.value.offset, entries } as const;
  return { ...root, entries: new Map(root.entries).set("agents", { ...agents, value }) };
};

/** Tasks outlive a crash without being asked to. */
const RECOVERED = ["enable_checkpointing", "checkpoint_after_tools", "checkpoint_before_llm", "auto_resume"];

const OLDER_AGENT: readonly Change[] = [
  drop("type: native", "type: llm"),
  values("type", "a2a → remote"),
  move(
    "memory.long_term → long_term_memory",
    "memory.working.max_tokens → context.budget",
    "memory.working → context",
    "memory → context",
    "prompt.prompt_slots.system_role → prompt.role",
    "prompt.prompt_slots.user_guidance → prompt.guidance",
    "prompt.prompt_slots.instructions → instruction",
    "a2a.input_modes → input_modes",
    "a2a.output_modes → output_modes",
    "a2a.skills → skills",
    "a2a → card",
    "task.timeout → reasoning.timeout_seconds",
    "timeout → timeout_seconds",
  ),
  convert("timeout_seconds", ({ value }) => typeof value === "string" ? secondsIn(value) : undefined),
  within("card", within("provider", move("name → organization")), olderTransports("preferred_transport")),
  within("reasoning", values("engine", "default → chain-of-thought"), drop("enable_streaming: true")),
  within("reasoning", move("show_thinking → enable_thinking_display")),
  within("structured_output", drop("format: json")),
  within(
    "context",
    values("strategy", "buffer → buffer_window", "sliding_window → token_window", "summary_recent → summary_buffer"),
  ),
  within("task", drop(...RECOVERED.map((key) => `${key}: true` as const), "backend: memory")),
  dropEmpty("task"),
];

export const OLDER_AGENTS: Change = within("agents.*", inOrder(OLDER_AGENT));
