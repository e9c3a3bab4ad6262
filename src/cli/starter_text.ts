/** What a first configuration is made of. */
export interface Starter {
  /** What the file is called. */
  readonly file: string;
  /** Where editors find the schema. */
  readonly schema: string;
  /** Every provider and tool there is, by name. */
  readonly providers: readonly string[];
  readonly tools: readonly string[];
  /** Absent: the provider is left to the environment. */
  readonly llm?: {
    readonly provider: string;
    readonly model: string;
    /** Environment variables in which its key is looked for. */
    readonly credentials: readonly string[];
  };
}

/** A configuration with one agent that says in comments what else there is. It starts as it is. */
export function starterText({ file, schema, providers, tools, llm }: Starter): string {
  const model = llm === undefined
    ? `# The first provider whose key is in the environment (or in .env) answers. To choose one, take the # away:
# llms:
#   default:
#     provider: ${providers[0] ?? ""}`
    : `llms:
  default:
    # One of: ${providers.join(", ")}
    provider: ${llm.provider}
    model: ${JSON.stringify(llm.model)}${keyText(llm.credentials)}`;
  return `# yaml-language-server: $schema=${schema}
#
# One agent, to begin with. \`hector validate ${file}\` checks this file, \`hector serve ${file}\` serves it,
# and \`hector explain\` tells of every key.
version: "2"

agents:
  assistant:
    description: A helpful assistant
    # What it is told to do.
    instruction: |
      You are a helpful assistant. Answer briefly, and say so when you do not know.
    # What it may do: nothing, unless it stands here. There are:
    #   ${tools.join(", ")}
    tools: []
    # Who may call it: public (everybody), internal (with a credential) or private (agents of this file).
    visibility: public

${model}

# Who can reach the server: this machine alone, by default.
# server:
#   host: 0.0.0.0
#   port: 8080
`;
}

function keyText([variable]: readonly string[]): string {
  if (variable === undefined) return "";
  return `
    # Its key is looked for in ${variable}. It can also be somewhere else:
    # api_key: \${MY_KEY}
    # api_key: \${file:/run/secrets/key}`;
}
