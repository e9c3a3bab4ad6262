import { type Change, plainText, put, type Spot, spotIn, tell, without } from "./change.ts";
import { type Entry, join, type List, type Scalar, type Table } from "./tree.ts";

/** What an agent once held itself, and names now: `llm_config: {…}`, `docs_folder: ./docs`. */
export const OLDER_SHORTHANDS: Change = (root, spot) => {
  const agents = root.entries.get("agents");
  if (agents?.value.kind !== "table") return root;
  return [...agents.value.entries].reduce<Table>((now, [id, agent]) => {
    const place = spotIn(spotIn(spot, "agents", agents), id, agent);
    return agent.value.kind === "table" ? docsFolder(inlineLlm(now, id, place), id, place) : now;
  }, root);
};

function agentIn(root: Table, id: string): Table | undefined {
  const agents = root.entries.get("agents")?.value;
  const agent = agents?.kind === "table" ? agents.entries.get(id)?.value : undefined;
  return agent?.kind === "table" ? agent : undefined;
}

/** `agents.a.llm_config: {…}` → `llms.a-inline: {…}` */
function inlineLlm(root: Table, id: string, place: Spot): Table {
  const entry = agentIn(root, id)?.entries.get("llm_config");
  if (entry?.value.kind !== "table") return root;
  const name = `${id}-inline`;
  return refer(root, { id, place, entry: { ...entry, was: join(place.path, "llm_config") } }, {
    section: "llms",
    name,
    from: "llm_config",
    to: "llm",
    reference: text(name, entry.offset),
  });
}

/** `agents.a.docs_folder: ./docs` → `document_stores.a-docs: {path: ./docs}`. The form `PATH:REMOTE` has no counterpart. */
function docsFolder(root: Table, id: string, place: Spot): Table {
  const entry = agentIn(root, id)?.entries.get("docs_folder");
  const path = plainText(entry?.value);
  if (entry === undefined || path === undefined || path.includes(":/")) return root;
  const name = `${id}-docs`;
  const { offset } = entry;
  const was = join(place.path, "docs_folder");
  const store: Table = {
    kind: "table",
    offset,
    entries: new Map([["path", { offset, was, value: text(path, offset) }]]),
  };
  const list: List = { kind: "list", offset, items: [text(name, offset)] };
  return refer(root, { id, place, entry: { offset, was, value: store } }, {
    section: "document_stores",
    name,
    from: "docs_folder",
    to: "document_stores",
    reference: list,
  });
}

interface Reference {
  readonly section: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly reference: Scalar | List;
}

/** Makes an entry of a section out of what an agent held, and names it in the agent. */
function refer(
  root: Table,
  { id, place, entry }: { readonly id: string; readonly place: Spot; readonly entry: Entry },
  { section, name, from, to, reference }: Reference,
): Table {
  const top: Spot = { ...place, path: "", keys: [] };
  tell(top, entry, [section, name]);
  const declared = put(root, [section, name], { entry, spot: top });
  const agent = agentIn(declared, id);
  if (agent === undefined) return declared;
  const { offset, was } = entry;
  const named = put(without(agent, from), [to], { entry: { offset, was, value: reference }, spot: place });
  const agents = declared.entries.get("agents");
  if (agents?.value.kind !== "table") return declared;
  const entries = new Map(agents.value.entries);
  const there = entries.get(id);
  if (there !== undefined) entries.set(id, { ...there, value: named });
  const value = { ...agents.value, entries };
  return { ...declared, entries: new Map(declared.entries).set("agents", { ...agents, value }) };
}

function text(value: string, offset: number): Scalar {
  return { kind: "scalar", offset, value };
}
