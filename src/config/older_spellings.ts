import { type Entry, type Finding, join, type Table, type Tree } from "./tree.ts";

/**
 * Earlier generations of the file, read as the newest one. Only spellings that mean the same are here: what has no
 * counterpart stays where it is and meets the schema as an unknown key.
 */
export function readOlderSpellings(root: Tree): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  if (root.kind !== "table") return { tree: root, findings };
  return { tree: READ(root, { path: "", findings }), findings };
}

interface Place {
  readonly path: string;
  readonly findings: Finding[];
}

type Change = (tree: Tree, place: Place) => Tree;
/** `older → newer` */
type Arrow = `${string} → ${string}`;

function inOrder(changes: readonly Change[]): Change {
  return (tree, place) => changes.reduce((now, change) => change(now, place), tree);
}

/** Changes what stands under `key`. */
function within(key: string, change: Change): Change {
  return (tree, place) => {
    const entry = tree.kind === "table" ? tree.entries.get(key) : undefined;
    if (tree.kind !== "table" || entry === undefined) return tree;
    const value = change(entry.value, { ...place, path: entry.was ?? join(place.path, key) });
    return value === entry.value ? tree : { ...tree, entries: new Map(tree.entries).set(key, { ...entry, value }) };
  };
}

/** Changes every value of a mapping. */
function each(change: Change): Change {
  return (tree, place) => {
    if (tree.kind !== "table") return tree;
    const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
      key,
      { ...entry, value: change(entry.value, { ...place, path: entry.was ?? join(place.path, key) }) },
    ]);
    return { ...tree, entries: new Map(entries) };
  };
}

function rename(...arrows: readonly Arrow[]): Change {
  const newer = newerNames(arrows);
  return (tree, place) => {
    if (tree.kind !== "table") return tree;
    const moved = [...tree.entries].map(([key, entry]): Moved => {
      const to = newer.get(key);
      return to === undefined ? [key, entry] : [to, { ...entry, was: entry.was ?? join(place.path, key) }];
    });
    return withEntries(tree, moved, place);
  };
}

function newerNames(arrows: readonly Arrow[]): ReadonlyMap<string, string> {
  return new Map(arrows.map((arrow) => {
    const [older = "", newer = ""] = arrow.split(" → ");
    return [older, newer];
  }));
}

/** Moves what stands in the mapping at a dotted path to another key, where it joins what is there. */
function hoist(arrow: Arrow, ...arrows: readonly Arrow[]): Change {
  const [from = "", to = ""] = arrow.split(" → ");
  return (tree, place) => {
    const found = tree.kind === "table" ? take(tree, from.split(".")) : undefined;
    if (found === undefined) return tree;
    const { rest, taken } = found;
    const target = rest.entries.get(to);
    const existing = target?.value ?? { ...taken, entries: new Map<string, Entry>() };
    if (existing.kind !== "table") return tree;
    const path = from.split(".").reduce<string>(join, place.path);
    const moved = writtenAt(taken, { path, newer: newerNames(arrows) });
    const value = withEntries(existing, [...existing.entries, ...moved], place);
    return { ...rest, entries: new Map(rest.entries).set(to, { offset: target?.offset ?? taken.offset, value }) };
  };
}

/** Takes the mapping at a path out of a table; mappings that are left empty by it go too. */
function take(
  table: Table,
  [key, ...deeper]: readonly string[],
): { readonly rest: Table; readonly taken: Table } | undefined {
  const entry = key === undefined ? undefined : table.entries.get(key);
  if (key === undefined || entry?.value.kind !== "table") return undefined;
  if (deeper.length === 0) return { rest: without(table, key), taken: entry.value };
  const inner = take(entry.value, deeper);
  if (inner === undefined) return undefined;
  const rest = inner.rest.entries.size === 0
    ? without(table, key)
    : { ...table, entries: new Map(table.entries).set(key, { ...entry, value: inner.rest }) };
  return { rest, taken: inner.taken };
}

type Moved = readonly [key: string, entry: Entry];

/** The entries of a mapping that is about to vanish: each keeps the path at which it is written. */
function writtenAt(
  table: Table,
  { path, newer }: { path: string; newer: ReadonlyMap<string, string> },
): readonly Moved[] {
  return [...table.entries].map((
    [key, entry],
  ) => [newer.get(key) ?? key, { ...entry, was: entry.was ?? join(path, key) }]);
}

/** The table with these entries; a key that comes from two spellings is a finding, and the first one stays. */
function withEntries(table: Table, all: readonly Moved[], { findings }: Place): Table {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of all) {
    const there = entries.get(key);
    if (there === undefined) {
      entries.set(key, entry);
    } else {
      const older = entry.was === undefined ? there : entry;
      const message = `found beside its newer spelling "${key}", expected only one of them`;
      findings.push({ offset: older.offset, path: older.was ?? key, message });
    }
  }
  return { ...table, entries };
}

function without(table: Table, key: string): Table {
  const entries = new Map(table.entries);
  entries.delete(key);
  return { ...table, entries };
}

/** A list of agents with a `name` each, which was their id. */
function listToTable(tree: Tree, { path, findings }: Place): Tree {
  if (tree.kind !== "list") return tree;
  const entries = new Map<string, Entry>();
  for (const [at, item] of tree.items.entries()) {
    const was = join(path, at);
    const name = item.kind === "table" ? item.entries.get("name")?.value : undefined;
    const id = name?.kind === "scalar" && typeof name.value === "string" ? name.value : undefined;
    // Ids are shown to everybody, which what stands in the environment must not be.
    const isFromVariable = name?.kind === "scalar" && name.variables !== undefined;
    if (isFromVariable) {
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
    }
  }
  return { kind: "table", offset: tree.offset, entries };
}

/** A key that said what goes without saying now. */
function dropSpokenDefault(key: string, values: readonly string[]): Change {
  return (tree) => {
    const value = tree.kind === "table" ? tree.entries.get(key)?.value : undefined;
    if (tree.kind !== "table" || value?.kind !== "scalar") return tree;
    return values.some((spoken) => spoken === value.value) ? without(tree, key) : tree;
  };
}

const SOURCE_NAMES = newerNames(["type → source", "include → include_patterns", "exclude → exclude_patterns"]);

const READ: Change = inOrder([
  hoist("global.a2a_server → server", "base_url → public_url"),
  within("agents", listToTable),
  within(
    "agents",
    each(inOrder([
      dropSpokenDefault("type", ["native", "llm"]),
      hoist("memory.working → context", "max_tokens → budget"),
      hoist("memory → context"),
    ])),
  ),
  within("llms", each(rename("type → provider", "host → base_url"))),
  within("document_stores", each(nestedSource)),
]);

/** `source: {type: …, path: …}` → `source: …`, `path: …` */
function nestedSource(tree: Tree, { path, findings }: Place): Tree {
  const source = tree.kind === "table" ? tree.entries.get("source") : undefined;
  if (tree.kind !== "table" || source?.value.kind !== "table") return tree;
  const moved = writtenAt(source.value, { path: join(path, "source"), newer: SOURCE_NAMES });
  return withEntries(tree, [...without(tree, "source").entries, ...moved], { path, findings });
}
