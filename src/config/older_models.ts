import { type Change, drop, inOrder, move, within } from "./change.ts";

/** Generations 1.7 to 2.0 of the sections that say where models are reached, by name. */
const CONNECTION: readonly Change[] = [
  move("type → provider", "host → base_url", "timeout → timeout_seconds"),
];

export const OLDER_MODELS: Change = inOrder([
  within(
    "llms.*",
    ...CONNECTION,
    // -1 left the length of an answer to the provider.
    drop("max_tokens: -1", "max_tokens: 0"),
    within("thinking", drop("enabled: true")),
  ),
  within("embedders.*", ...CONNECTION),
]);
