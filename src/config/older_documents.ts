import { type Change, drop, inOrder, move, within } from "./change.ts";

/** Documents are looked through again before each search, and only what has changed is read. */
const ALWAYS = [
  "enable_watch_changes",
  "watch_changes",
  "watch",
  "enable_incremental_indexing",
  "incremental_indexing",
];

/** `source: {type: …, path: …}` → `source: …`, `path: …` */
const nestedSource: Change = (store, spot) =>
  store.entries.get("source")?.value.kind === "table"
    ? inOrder([
      move("source.type → type", "source.include → include_patterns", "source.exclude → exclude_patterns"),
      move("source → .", "type → source"),
    ])(store, spot)
    : store;

export const OLDER_DOCUMENTS: Change = within(
  "document_stores.*",
  nestedSource,
  drop(...ALWAYS.map((key) => `${key}: true` as const)),
);
