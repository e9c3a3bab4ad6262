import { type Change, drop, inOrder, move, plainText, put, type Spot, spotIn, tell, values, within } from "./change.ts";
import { type Entry, join, type List, type Scalar, type Table, type Tree } from "./tree.ts";

/** What tools were called; the right side is the name that models know them by. */
const NAMES = [
  "command → execute_command",
  "bash → execute_command",
  "todo → todo_write",
  "grep → grep_search",
] as const;

/** A tool was once told by the name of its entry alone. */
const nameAsType: Change = (tools, spot) => {
  const named = NAMES.map((arrow) => arrow.split(" → ")[0] ?? "").filter((name) => {
    const value = tools.entries.get(name)?.value;
    return value?.kind === "table" ? !value.entries.has("type") : value?.kind === "scalar" && value.value === null;
  });
  return named.reduce((into, name) => {
    const offset = into.entries.get(name)?.offset ?? into.offset;
    const type: Scalar = { kind: "scalar", offset, value: name };
    return put(into, [name, "type"], { entry: { offset, value: type }, spot });
  }, tools);
};

/** `tools: [{name: command, config: {…}}]` of an agent: the same as an entry of that name under `tools`. */
const toolsInAgents: Change = (root, spot) => {
  const agents = root.entries.get("agents");
  if (agents?.value.kind !== "table") return root;
  const agentsSpot = spotIn(spot, "agents", agents);
  let tools = root.entries.get("tools");
  const isDeclared = (name: string) => tools?.value.kind === "table" && tools.value.entries.has(name);
  const entries = [...agents.value.entries].map(([id, agent]): [string, Entry] => {
    const listed = agent.value.kind === "table" ? agent.value.entries.get("tools") : undefined;
    if (agent.value.kind !== "table" || listed?.value.kind !== "list") return [id, agent];
    const place = spotIn(spotIn(agentsSpot, id, agent), "tools", listed);
    const items = listed.value.items.map((item, at) => {
      const found = inlineTool(item, { id, path: join(place.path, at), isDeclared });
      if (found === undefined) return item;
      tell({ ...spot, keys: [] }, found.entry, ["tools", found.name]);
      tools = declare(tools, found, spot);
      return named(found.name, item.offset);
    });
    return [id, replaceTools(agent, listed, { ...listed.value, items })];
  });
  const changed = new Map(root.entries).set("agents", {
    ...agents,
    value: { ...agents.value, entries: new Map(entries) },
  });
  return { ...root, entries: tools === undefined ? changed : changed.set("tools", tools) };
};

interface InlineTool {
  readonly name: string;
  readonly entry: Entry;
}

function inlineTool(
  item: Tree,
  at: { readonly id: string; readonly path: string; readonly isDeclared: (name: string) => boolean },
): InlineTool | undefined {
  const written = item.kind === "table" ? plainText(item.entries.get("name")?.value) : undefined;
  if (item.kind !== "table" || written === undefined) return undefined;
  const name = at.isDeclared(written) ? `${written}_${at.id.replaceAll(/[^A-Za-z0-9_-]/g, "_")}` : written;
  const rest = new Map(item.entries);
  rest.delete("name");
  if (!rest.has("type")) rest.set("type", { offset: item.offset, value: named(written, item.offset) });
  return { name, entry: { offset: item.offset, was: at.path, value: { ...item, entries: rest } } };
}

function named(value: string, offset: number): Scalar {
  return { kind: "scalar", offset, value };
}

function declare(tools: Entry | undefined, { name, entry }: InlineTool, spot: Spot): Entry {
  const empty: Table = { kind: "table", offset: entry.offset, entries: new Map() };
  const there = tools?.value.kind === "table"
    ? { ...tools, value: tools.value }
    : { offset: entry.offset, value: empty };
  return { ...there, value: put(there.value, [name], { entry, spot }) };
}

function replaceTools(agent: Entry, listed: Entry, value: List): Entry {
  if (agent.value.kind !== "table") return agent;
  return {
    ...agent,
    value: { ...agent.value, entries: new Map(agent.value.entries).set("tools", { ...listed, value }) },
  };
}

/** A tool that nobody declared, by the name that it had. */
const namesInAgents: Change = (root, spot) => {
  const tools = root.entries.get("tools")?.value;
  const newer = new Map(NAMES.map((arrow): [string, string] => {
    const [older = "", name = ""] = arrow.split(" → ");
    return [older, name];
  }));
  return within("agents.*", (agent, place) => {
    const listed = agent.entries.get("tools");
    if (listed?.value.kind !== "list") return agent;
    const items = listed.value.items.map((item, at) => {
      const name = plainText(item) ?? "";
      const better = newer.get(name);
      if (better === undefined || (tools?.kind === "table" && tools.entries.has(name))) return item;
      const path = join(spotIn(place, "tools", listed).path, at);
      place.moves.push({ offset: item.offset, from: `${path}: ${name}`, to: `${path}: ${better}` });
      return named(better, item.offset);
    });
    return { ...agent, entries: new Map(agent.entries).set("tools", { ...listed, value: { ...listed.value, items } }) };
  })(root, spot);
};

export const OLDER_TOOLS: Change = inOrder([
  toolsInAgents,
  within(
    "tools",
    nameAsType,
    within(
      "*",
      move(
        "config → .",
        "enable_approval → require_approval",
        "requires_approval → require_approval",
        "sandboxing → enable_sandboxing",
      ),
      // The one kind that named what it does with another key.
      values("type", ...NAMES),
      functionTool,
    ),
  ),
  namesInAgents,
]);

/** `{type: function, handler: read_file}` → `{type: read_file}` */
function functionTool(tool: Table, spot: Spot): Table {
  return tool.entries.has("handler") ? inOrder([drop("type: function"), move("handler → type")])(tool, spot) : tool;
}
