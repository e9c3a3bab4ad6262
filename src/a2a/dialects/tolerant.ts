import { readRole } from "./legacy_names.ts";
import type { Reading } from "./dialect.ts";
import {
  booleanOf,
  type Field,
  invalidField,
  itemsOf,
  member,
  optionalRecord,
  optionalText,
  optionalTexts,
  recordOf,
  requiredMember,
  textOf,
} from "./field.ts";
import { present } from "../present.ts";
import { type PartSpelling, readPart } from "./tolerant_part.ts";

/*
 * The one tolerant reader in front of every dialect but 1.0: it knows the spellings of A2A 0.3 over its three bindings
 * and those of hector's own documents, and guesses nothing beyond them. Complaints carry the peer's own path.
 */

export interface TolerantOptions extends PartSpelling {
  /** Names a message whose peer did not. */
  readonly newId: () => string;
}

/** What a peer sends to have a message answered → ProtoJSON of a SendMessageRequest. */
export function readSend(raw: unknown, options: TolerantOptions): Reading {
  const body: Field = { path: "", value: raw ?? {} };
  recordOf(body);
  const { message, messageIdGenerated } = readSentMessage(body, options);
  const configuration = member(body, "configuration");
  return {
    messageIdGenerated,
    request: present({
      tenant: optionalText(body, "tenant"),
      message: withIdsOf(message, body),
      configuration: configuration === undefined ? undefined : readConfiguration(configuration),
      metadata: optionalRecord(body, "metadata"),
    }),
  };
}

interface SentMessage {
  readonly message: Record<string, unknown>;
  readonly messageIdGenerated: boolean;
}

/** `message` or `request`, an object or a bare string; or the body is itself the message that its `content` holds. */
function readSentMessage(body: Field, options: TolerantOptions): SentMessage {
  const sent = member(body, "message", "request");
  if (sent !== undefined) {
    const message = typeof sent.value === "string"
      ? { role: "ROLE_USER", parts: [{ text: sent.value }] }
      : readMessage(sent, options);
    // A2A 0.3 §6.4 wants an id, and who says `kind` says it as 0.3 does; hector's own older clients say neither.
    if (typeof sent.value !== "string" && member(sent, "kind") !== undefined) requiredMember(sent, "messageId");
    return named(message, options);
  }
  const content = member(body, "content");
  if (content === undefined) throw invalidField("message", "is required");
  const role = member(body, "role");
  return named({
    role: role === undefined ? "ROLE_USER" : readRole(role),
    messageId: optionalText(body, "messageId"),
    parts: readParts(content, options),
  }, options);
}

function named(message: Record<string, unknown>, { newId }: TolerantOptions): SentMessage {
  const messageIdGenerated = message.messageId === undefined;
  return { message: messageIdGenerated ? { ...message, messageId: newId() } : message, messageIdGenerated };
}

/** A message in any of the known spellings → ProtoJSON of a core message, without an id where the peer gave none. */
export function readMessage(message: Field, spelling: PartSpelling): Record<string, unknown> {
  const kind = member(message, "kind");
  if (kind !== undefined && kind.value !== "message") throw invalidField(kind.path, 'expected "message"');
  const role = readRole(requiredMember(message, "role"));
  const parts = readParts(member(message, "parts", "content") ?? requiredMember(message, "parts"), spelling);
  return present({
    messageId: optionalText(message, "messageId"),
    ...idsOf(message),
    role,
    parts,
    metadata: optionalRecord(message, "metadata"),
    extensions: optionalTexts(message, "extensions"),
    referenceTaskIds: optionalTexts(message, "referenceTaskIds"),
  });
}

/** Parts as an array, a single object, or the text itself. */
export function readParts(parts: Field, spelling: PartSpelling): Record<string, unknown>[] {
  if (typeof parts.value === "string") return [{ text: parts.value }];
  if (!Array.isArray(parts.value)) return [readPart(parts, spelling)];
  const items = itemsOf(parts);
  if (items.length === 0) throw invalidField(parts.path, "at least one part");
  return items.map((part) => readPart(part, spelling));
}

const CONTEXT_NAMES = ["contextId", "sessionId"] as const;

function idsOf(field: Field): Record<string, unknown> {
  return present({ contextId: optionalText(field, ...CONTEXT_NAMES), taskId: optionalText(field, "taskId") });
}

/** A session or task named beside the message instead of in it. Two different ones are a contradiction, not a choice. */
function withIdsOf(message: Record<string, unknown>, body: Field): Record<string, unknown> {
  const beside = idsOf(body);
  for (const [id, names] of [["contextId", CONTEXT_NAMES], ["taskId", ["taskId"]]] as const) {
    const inside = message[id];
    if (beside[id] === undefined || inside === undefined || inside === beside[id]) continue;
    throw invalidField(member(body, ...names)?.path ?? id, `differs from the ${id} of the message`);
  }
  return { ...beside, ...message };
}

/** A2A 0.3 §7.1.1 `MessageSendConfiguration`. */
function readConfiguration(configuration: Field): Record<string, unknown> {
  const blocking = member(configuration, "blocking");
  const push = member(configuration, "pushNotificationConfig", "pushNotification");
  return present({
    acceptedOutputModes: optionalTexts(configuration, "acceptedOutputModes"),
    historyLength: member(configuration, "historyLength")?.value,
    returnImmediately: blocking === undefined ? undefined : !booleanOf(blocking),
    taskPushNotificationConfig: push === undefined ? undefined : readPushConfig(push),
  });
}

/** A2A 0.3 §6.8 `PushNotificationConfig`. 1.0 keeps one authentication scheme of many. */
export function readPushConfig(config: Field): Record<string, unknown> {
  const authentication = member(config, "authentication");
  return present({
    id: optionalText(config, "id"),
    url: textOf(requiredMember(config, "url")),
    token: optionalText(config, "token"),
    authentication: authentication === undefined ? undefined : present({
      scheme: readScheme(requiredMember(authentication, "schemes")),
      credentials: optionalText(authentication, "credentials"),
    }),
  });
}

function readScheme(schemes: Field): string {
  const [first] = itemsOf(schemes);
  if (first === undefined) throw invalidField(schemes.path, "at least one scheme");
  return textOf(first);
}
