import { type Change, drop, inOrder, move, put, type Spot, spotIn, tell, within, without } from "./change.ts";
import type { Entry, Table } from "./tree.ts";

/** Generations 1.7 to 2.0 of the sections that say where models are reached, by name. */
const CONNECTION: Change = move("type → provider", "host → base_url", "timeout → timeout_seconds");

/** In generation 1.7, `databases` held those that search by meaning; they have a `type`, SQL databases a `driver`. */
const vectorDatabases: Change = (root, spot) => {
  const databases = root.entries.get("databases");
  if (databases?.value.kind !== "table") return root;
  const place = spotIn(spot, "databases", databases);
  return [...databases.value.entries].filter(isVectorDatabase).reduce<Table>(
    (now, [name, entry]) =>
      toVectorStore(now, { name, entry: { ...entry, was: spotIn(place, name, entry).path } }, spot),
    root,
  );
};

function isVectorDatabase([, { value }]: readonly [string, Entry]): boolean {
  return value.kind === "table" && value.entries.has("type") && !value.entries.has("driver");
}

function toVectorStore(
  root: Table,
  { name, entry }: { readonly name: string; readonly entry: Entry },
  spot: Spot,
): Table {
  tell(spot, entry, ["vector_stores", name]);
  const databases = root.entries.get("databases");
  if (databases?.value.kind !== "table") return root;
  const rest = without(databases.value, name);
  const left = rest.entries.size === 0
    ? without(root, "databases")
    : { ...root, entries: new Map(root.entries).set("databases", { ...databases, value: rest }) };
  return put(left, ["vector_stores", name], { entry, spot });
}

export const OLDER_MODELS: Change = inOrder([
  within(
    "llms.*",
    CONNECTION,
    // -1 left the length of an answer to the provider.
    drop("max_tokens: -1", "max_tokens: 0"),
    within("thinking", drop("enabled: true")),
    within("structured_output", drop("format: json")),
  ),
  within("embedders.*", CONNECTION),
  vectorDatabases,
  within("vector_stores.*", move("use_tls → enable_tls")),
  within("agents.*", move("database → vector_store")),
]);
