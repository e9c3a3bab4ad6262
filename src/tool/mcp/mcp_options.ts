import { z } from "zod";
import { late } from "../../lib/late.ts";
import { isAllowEntry } from "../../lib/egress_rules.ts";
import { SecretText } from "../../lib/secret.ts";

const Url = late(() => z.url({ protocol: /^https?$/, error: "an http or https URL" }));
const Pattern = late(() =>
  z.string().regex(/^[^!]/, { error: "a glob; what is taken away again stands under exclude" })
);
const Replay = late(() => z.enum(["once", "safe", "ask"]));
const Approval = late(() => z.enum(["never", "destructive", "writes", "always"]));
const TimeoutSeconds = late(() => z.number().positive().max(86_400));

const OAuth = late(() =>
  z.strictObject({
    client_id: z.string().min(1).describe("As the authorization server knows hector."),
    client_secret: SecretText,
    issuer: Url().optional().describe(
      "The authorization server, by the name it gives itself; its token endpoint is found by its metadata. The secret goes " +
        "to no other server, whatever the MCP server says.",
    ),
    token_url: Url().optional().describe("The token endpoint itself, for an authorization server without metadata."),
    scope: z.string().min(1).optional().describe("What to ask for, with spaces between."),
  }).refine(({ issuer, token_url }) => (issuer === undefined) !== (token_url === undefined), {
    error: "expected either issuer or token_url",
  })
);

const ToolOverride = late(() =>
  z.strictObject({
    approval: Approval().optional().describe("Instead of the server's."),
    replay: Replay().optional().describe(
      "What a crash in the middle of a call means. Default: once, or safe where a trusted server says that it may be repeated.",
    ),
    timeout_seconds: TimeoutSeconds().optional().describe("Instead of the server's."),
  })
);

const Members = late(() =>
  z.strictObject({
    url: Url().optional().describe("Where the server is reached over HTTP. Either this or `command`."),
    command: z.string().min(1).optional().describe(
      "The program of a server that runs beside hector and is spoken to over its standard input and output. No shell reads it.",
    ),
    transport: z.enum(["stdio", "streamable-http", "sse"]).optional().describe(
      "How the server is spoken to. Default: stdio with `command`; with `url` streamable-http, and sse where that is refused.",
    ),
    args: z.array(z.string()).default([]).describe("Arguments of the program."),
    env: z.record(z.string().min(1), SecretText).default({}).describe(
      "Environment of the program. Beside this it gets PATH, HOME, USER, LOGNAME, LANG, TERM and TMPDIR, and nothing else of hector's.",
    ),
    working_directory: z.string().min(1).default(".").describe(
      "Where the program runs, from the configuration's folder.",
    ),
    headers: z.record(z.string().min(1), SecretText).default({}).describe(
      "Headers of each request, such as Authorization.",
    ),
    oauth: OAuth().optional().describe("OAuth 2 client credentials, with which hector gets a token by itself."),
    allow: z.array(z.string().refine(isAllowEntry, { error: "a host, *.host, an address or a network" })).default([])
      .describe(
        "Hosts and networks that are no public ones and may be reached all the same. A loopback `url` allows its own host.",
      ),
    ca_certificate: z.string().min(1).optional().describe(
      "A file of certificates (PEM) that are trusted beside the system's.",
    ),
    filter: z.array(Pattern()).optional().describe("Globs: only tools with these names are used. Default: all."),
    exclude: z.array(Pattern()).default([]).describe("Globs: tools with these names are not used."),
    prefix: z.string().regex(/^[A-Za-z0-9_-]{0,32}$/, { error: "letters, digits, _ and -, at most 32" }).optional()
      .describe(
        "Begins the name of every tool of the server. Default: nothing, and the entry's name with __ where two tools of an agent " +
          "would have one name.",
      ),
    approval: Approval().default("destructive").describe(
      "Which calls a person is asked about, where require_approval says nothing. destructive: those of tools that the server calls destructive. writes: all but " +
        "those of tools that a trusted server calls read-only.",
    ),
    trust_annotations: z.boolean().default(false).describe(
      "Whether what the server says of its tools (that they only read, or may be repeated) counts in favour of them.",
    ),
    tools: z.record(Pattern(), ToolOverride()).default({}).describe(
      "What holds for single tools, by glob; the first that fits.",
    ),
    timeout_seconds: TimeoutSeconds().default(300).describe(
      "Of a call without a word from the server: progress begins it anew, waiting for an answer of the caller does not count.",
    ),
    connect_timeout_seconds: z.number().positive().max(600).default(30).describe(
      "Until the server is there and has said its tools.",
    ),
    input_timeout_seconds: TimeoutSeconds().default(3600).describe(
      "How long a server of an older protocol is kept waiting for an answer of the caller.",
    ),
    max_tools: z.int().min(1).max(1000).default(128).describe("More tools of the server than these are left out."),
    max_output_bytes: z.int().min(1024).max(256 * 1024 * 1024).default(8 * 1024 * 1024).describe(
      "Of one result, and of any other message of the server.",
    ),
  })
);

export const McpOptions = late(() =>
  Members().superRefine((options, context) => {
    const { url, command, transport } = options;
    const issue = (message: string, ...path: string[]) => context.addIssue({ code: "custom", message, path });
    if (url === undefined && command === undefined) issue("found neither url nor command, expected one of them");
    else if (url !== undefined && command !== undefined && transport === undefined) {
      issue("found url and command, expected one of them, or transport to choose");
    } else if (transport === "stdio" && command === undefined) issue("found stdio without command", "transport");
    else if (transport !== undefined && transport !== "stdio" && url === undefined) {
      issue(`found ${transport} without url`, "transport");
    }
  })
);
export type McpOptions = z.output<ReturnType<typeof McpOptions>>;
