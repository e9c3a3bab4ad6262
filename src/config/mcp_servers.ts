import { type Change, convert, drop, inOrder, move, put, type Spot, spotIn, tell, values, within } from "./change.ts";
import { secondsIn } from "./older_auth.ts";
import { type Entry, type List, type Scalar, type Table } from "./tree.ts";

const TYPE = "mcp";

/** Where servers of tools stand in other programs' files, and for whom likes them apart from single tools. */
const SECTIONS = ["mcp_servers", "mcpServers"] as const;
/** What an agent calls those that it uses. */
const IN_AGENTS = ["mcp", "mcp_servers"] as const;
/** Keys that say what an entry without a type is. */
const TELLING = ["url", "server_url", "command"] as const;

/** What the transports are called elsewhere. */
const TRANSPORTS = values(
  "transport",
  "http → streamable-http",
  "streamable_http → streamable-http",
  "streamableHttp → streamable-http",
);

/** `mcp_servers: {files: {command: …}}` → `tools: {files: {type: mcp, command: …}}`; their `type` is a transport. */
function ownSection(section: typeof SECTIONS[number]): Change {
  return (root, spot) => {
    const entry = root.entries.get(section);
    if (entry?.value.kind !== "table") return root;
    const rest = new Map(root.entries);
    rest.delete(section);
    const place = spotIn(spot, section, entry);
    return [...entry.value.entries].reduce<Table>((into, [name, server]) => {
      const at = { ...server, was: spotIn(place, name, server).path };
      tell(spot, at, ["tools", name]);
      if (server.value.kind !== "table") return put(into, ["tools", name], { entry: at, spot });
      const value = typed(move("type → transport")(server.value, { ...place, path: at.was }), server.offset);
      return put(into, ["tools", name], { entry: { ...at, value }, spot });
    }, { ...root, entries: rest });
  };
}

function typed(table: Table, offset: number): Table {
  const type: Scalar = { kind: "scalar", offset, value: TYPE };
  return { ...table, entries: new Map(table.entries).set("type", { offset, value: type }) };
}

/** `agents: {a: {mcp: [files]}}` → `agents: {a: {tools: [files]}}` */
function inAgent(key: typeof IN_AGENTS[number]): Change {
  return (agent, spot) => {
    const entry = agent.entries.get(key);
    if (entry === undefined) return agent;
    const rest = new Map(agent.entries);
    rest.delete(key);
    const was = spotIn(spot, key, entry).path;
    const moved = { ...entry, was };
    tell(spot, moved, ["tools"]);
    const tools = rest.get("tools");
    const value = tools?.value.kind === "list" && entry.value.kind === "list"
      ? joined(tools.value, entry.value)
      : undefined;
    if (value === undefined) return put({ ...agent, entries: rest }, ["tools"], { entry: moved, spot });
    return { ...agent, entries: rest.set("tools", { ...moved, ...tools, value }) };
  };
}

function joined(one: List, other: List): List {
  return { ...one, items: [...one.items, ...other.items] };
}

/** A tool that says where a server is, and not what it is, is one. */
const byItsKeys: Change = (tool, { path, moves, keys }: Spot) => {
  const telling = TELLING.find((key) => tool.entries.has(key));
  const entry: Entry | undefined = telling === undefined ? undefined : tool.entries.get(telling);
  if (entry === undefined || tool.entries.has("type")) return tool;
  moves.push({ offset: entry.offset, from: `${path} with ${telling}`, to: `${keys.join(".")}.type: ${TYPE}` });
  return typed(tool, entry.offset);
};

const OLDER_SERVER: Change = (tool, spot) => {
  const type = tool.entries.get("type")?.value;
  if (type?.kind !== "scalar" || type.value !== TYPE) return tool;
  return inOrder([
    move("server_url → url", "cwd → working_directory", "timeout → timeout_seconds"),
    convert("timeout_seconds", ({ value }) => typeof value === "string" ? secondsIn(value) : undefined),
    drop("insecure_skip_verify: false"),
    TRANSPORTS,
  ])(tool, spot);
};

/** Servers of tools in all the places where they may stand, and as generations 1 and 2.0 described them. */
export const MCP_SERVERS: Change = inOrder([
  ...SECTIONS.map(ownSection),
  within("agents.*", ...IN_AGENTS.map(inAgent)),
  within("tools.*", byItsKeys, OLDER_SERVER),
]);
