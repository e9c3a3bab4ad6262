/** Flags of other generations that this version does not have: what each would do, and the nearest thing that exists. */
const ROWS: readonly (readonly [flag: string, would: string, nearest: string])[] = [
  ["mcp-parser-tool", "read documents that are no text", "--docs-folder, for text"],
  ["embedder-model", "search documents by meaning", "--docs-folder, by keywords"],
  ["embedder-provider", "search documents by meaning", "--docs-folder, by keywords"],
  ["embedder-url", "search documents by meaning", "--docs-folder, by keywords"],
  ["vectordb", "search documents by meaning", "--docs-folder, by keywords"],
  ["vector-type", "search documents by meaning", "--docs-folder, by keywords"],
  ["vector-host", "search documents by meaning", "--docs-folder, by keywords"],
  ["vector-api-key", "search documents by meaning", "--docs-folder, by keywords"],
  ["rag-watch", "see changes of documents", "--docs-folder, which always sees them"],
  ["include-context", "put passages into every prompt", "--docs-folder, which the model searches"],
  ["observe", "export traces", "/metrics, which every server has"],
  ["storage", "choose the database of tasks and sessions", "server.store in a file"],
  ["storage-db", "choose the database of tasks and sessions", "server.store in a file"],
  ["ephemeral", "keep nothing", "server.store in a file"],
  ["a2a-base-url", "say how others reach the server", "server.public_url in a file"],
  ["auth-jwks-url", "say whose tokens are good", "server.auth in a file"],
  ["auth-issuer", "say whose tokens are good", "server.auth in a file"],
  ["auth-audience", "say whose tokens are good", "server.auth in a file"],
  ["auth-client-id", "say whose tokens are good", "server.auth in a file"],
  ["auth-required", "say that callers need a token", "server.auth in a file"],
];

/** What is to be said of a flag, by its name. A command that has the flag never looks here. */
export const MISSING_FLAGS: ReadonlyMap<string, string> = new Map(
  ROWS.map(([flag, would, nearest]) => [flag, `not in this version: it would ${would}; nearest: ${nearest}`]),
);
