import { z } from "zod";
import { isAllowEntry } from "../lib/egress_rules.ts";
import { AuthSection } from "./auth_section.ts";
import { CardSigningSection, TransportName } from "./card_sections.ts";
import { Text } from "./names.ts";
import { StudioSection } from "./studio_section.ts";
import { TlsSection } from "./tls_section.ts";

const EgressHost = z.stringFormat("host", isAllowEntry, {
  error: "a host name, *.domain, an IP address or a network such as 10.0.0.0/8",
});

export const StoreSection = z.looseObject({
  type: Text.optional().describe("Where tasks and sessions are kept. Default: the first store there is."),
});

export const ServerSection = z.strictObject({
  host: Text.default("127.0.0.1").describe("Address to listen on. 0.0.0.0 or :: for every network."),
  port: z.int().min(0).max(65_535).default(8080).describe("0: any free port."),
  grpc_port: z.union([z.int().min(0).max(65_535), z.boolean()]).optional().describe(
    "Port of gRPC. The same as `port`: one port for both. 0: any free one. true: 50051. false: no gRPC. Default: 50051, " +
      "or none if that is taken.",
  ),
  legacy_ports: z.boolean().default(false).describe(
    "true: HTTP is served on the two ports after `port`, too, where version 1 had REST (8081) and JSON-RPC (8082).",
  ),
  transport: TransportName.default("jsonrpc").describe(
    "Which interface stands first on cards: the one that peers choose who speak more than one. All are served.",
  ),
  public_url: z.url({ protocol: /^https?$/, error: "a URL that begins with http:// or https://" }).optional()
    .describe("How others reach this server; stands on the agents' cards. Default: made of host and port."),
  tls: TlsSection.optional().describe(
    "Serve HTTPS, and gRPC over TLS. Paths are relative to this file. Files that change are read again within a minute; " +
      "open connections go on.",
  ),
  default_agent: Text.optional().describe(
    "The agent of requests that name none. Default: the first that is not private.",
  ),
  auth: AuthSection.optional().describe("Who may call. Default: everybody who reaches the server."),
  store: StoreSection.prefault({}).describe("Where tasks and sessions are kept."),
  limits: z.strictObject({
    max_body_bytes: z.int().min(1024).max(1_073_741_824).default(10_485_760).describe("Size of a request, at most."),
    body_timeout_seconds: z.number().positive().max(3600).default(30).describe("Time for a request to arrive in full."),
    max_arriving_bytes: z.int().min(1_048_576).max(1_099_511_627_776).default(268_435_456).describe(
      "What all requests that are still arriving may come to together. More are answered with 503.",
    ),
    max_connections: z.int().min(1).max(1_000_000).default(4000).describe("Connections that may be open at once."),
    max_connections_per_address: z.int().min(1).max(1_000_000).default(1000).describe(
      "As many of them may come from one address, or from one /64 network of IPv6. To be raised behind a proxy on another " +
        "machine. This machine itself is not counted.",
    ),
    header_timeout_seconds: z.number().positive().max(3600).default(10).describe(
      "Time for TLS and the head of a request. Where TLS is served, or other machines are.",
    ),
    idle_timeout_seconds: z.number().positive().max(86_400).default(120).describe(
      "Time without a request after which a connection of HTTP is closed. Where TLS is served, or other machines are.",
    ),
    min_bytes_per_second: z.int().min(0).max(1_000_000).default(256).describe(
      "A reader that takes less of its answer, over half a minute, is cut off. Where TLS is served, or other machines are.",
    ),
  }).prefault({}).describe("What requests and connections may come to."),
  drain_timeout_seconds: z.number().min(0).max(3600).default(30).describe(
    "How long a stopping server lets steps that are under way end, so that they need not be done again. Turns go on at " +
      "the next start.",
  ),
  studio: StudioSection.prefault({}).describe("Editing the configuration of a running server."),
  a2a: z.strictObject({
    profile: z.enum(["1.0.1", "1.0.0"]).default("1.0.1").describe("Whose error codes and content types are spoken."),
    repeated_messages: z.enum(["join", "new"]).default("join").describe(
      "What a message does that a caller has sent before, id and words: join the task of the first, so that it is safe " +
        "to send one again, or begin anew.",
    ),
    messages_to_working: z.enum(["refuse", "wait"]).default("refuse").describe(
      "What a message does that is sent to a task at work: it is refused, or it waits until the task asks for one. If " +
        "the task ends first, it is refused all the same.",
    ),
    v0_3: z.strictObject({
      blocking: z.boolean().default(true).describe(
        "Whether sending waits for the task where the caller does not say. false: it answers at once.",
      ),
      context: z.enum(["check", "task"]).default("check").describe(
        "A message to a task that names another context than the task's: check refuses it, task takes the task's own.",
      ),
      message_ids: z.enum(["made", "required"]).default("made").describe(
        "A message without an id: made gives it one, required refuses it, as A2A 0.3 has it to the letter.",
      ),
    }).prefault({}).describe("What version 0.3 leaves to its servers."),
    max_hops: z.int().min(1).max(100).default(8).describe(
      "How many agents may wait for one another, here and on other servers that tell: a task that was passed on more often " +
        "is refused.",
    ),
  }).prefault({}).describe("How A2A is spoken."),
  push: z.strictObject({
    enabled: z.boolean().default(true).describe("Whether callers may have webhooks told of their tasks."),
    allow: z.array(EgressHost).default([]).describe(
      "Receivers that may be private or without TLS, by name or address. All others: https to public addresses only.",
    ),
    timeout_seconds: z.number().min(1).max(60).default(15).describe("How long a receiver may take to answer."),
    max_attempts: z.int().min(1).max(1000).default(20).describe("How often one notification is tried, at most."),
    give_up_after_seconds: z.number().positive().max(2_592_000).default(86_400).describe(
      "How long one notification is tried, at most. Then its webhook is given up, which the task tells.",
    ),
  }).prefault({}).describe("Webhooks that callers have told of their tasks."),
  card: z.enum(["negotiated", "pure"]).default("negotiated").describe(
    "negotiated: cards also carry the members of older protocol versions, unless a peer names 1.0. pure: never.",
  ),
  card_signing: CardSigningSection.optional().describe("Sign agent cards, so that peers can tell whose they are."),
});
