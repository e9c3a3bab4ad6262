import { isRecord } from "../../lib/json.ts";
import { canonicalJson } from "../../lib/jcs.ts";

/*
 * What a signature of a card covers: its canonical JSON without `signatures` (A2A v1 §8.4.1). The specification's rules on
 * default values are read in three ways, and official SDKs differ from its text, so there are three payloads. Of a card
 * that writes nothing that is empty they are the same.
 */

/** `exact`: the card as it stands. `specified`: as A2A 1.0 knows it. `pruned`: that without anything empty, as SDKs do. */
export type PayloadName = "exact" | "specified" | "pruned";

export interface Payload {
  readonly name: PayloadName;
  /** What the payload says: what a reader who trusts the signature may believe. */
  readonly card: Readonly<Record<string, unknown>>;
  /** Canonical JSON. */
  readonly text: string;
}

type Card = Readonly<Record<string, unknown>>;

/** The card as it stands, in whatever form. */
export function exactPayload(card: Card): Payload {
  const { signatures: _signatures, ...content } = card;
  return { name: "exact", card: content, text: canonicalJson(content) };
}

/** The payloads of what A2A 1.0 knows of a card; none for what is no 1.0 card. */
export async function protocolPayloads(card: Card): Promise<readonly Payload[]> {
  const read = await throughProto(card);
  if (read === undefined) return [];
  const specified = withRequired(card, read);
  const pruned = prune(read);
  return [
    { name: "specified", card: specified, text: canonicalJson(specified) },
    { name: "pruned", card: isRecord(pruned) ? pruned : {}, text: canonicalJson(pruned ?? {}) },
  ];
}

/** Reading it as the message of the proto and writing it again drops what is unknown and what has its default value. */
async function throughProto(card: Card): Promise<Card | undefined> {
  if (!Array.isArray(card.supportedInterfaces)) return undefined;
  const codec = (await (await import("../proto/codec.ts")).loadCodec()).message("lf.a2a.v1.AgentCard");
  try {
    const { signatures: _signatures, capabilities, ...content } = withoutDoubles(card);
    const own = isRecord(capabilities) ? withoutDoubles(capabilities) : capabilities;
    const read = codec.decode(codec.encode({ ...content, capabilities: own }));
    return isRecord(read) ? read : undefined;
  } catch {
    // It is no card of 1.0: then no signature of one can be verified.
    return undefined;
  }
}

/** Without the snake_case spelling of what is there in camelCase, too: where a card has both, the latter counts. */
function withoutDoubles(card: Card): Card {
  const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(card).filter(([name]) => !name.includes("_") || !(camelCase(name) in card)));
}

/** Members that the proto requires and that can be empty: A2A v1 §8.4.1 keeps them. A list stands for each of its items. */
interface Required {
  readonly members: readonly string[];
  readonly within?: Readonly<Record<string, Required>>;
}

const CARD: Required = {
  members: [
    "name",
    "description",
    "version",
    "supportedInterfaces",
    "defaultInputModes",
    "defaultOutputModes",
    "skills",
  ],
  within: {
    supportedInterfaces: { members: ["url", "protocolBinding", "protocolVersion"] },
    provider: { members: ["url", "organization"] },
    skills: { members: ["id", "name", "description", "tags"] },
  },
};
const SCOPES: Required = { members: ["scopes"] };
const FLOWS: Required = {
  members: [],
  within: { authorizationCode: SCOPES, clientCredentials: SCOPES, deviceCode: SCOPES },
};
const SCHEME: Required = { members: [], within: { oauth2SecurityScheme: { members: [], within: { flows: FLOWS } } } };

/** `read` with the required members that `card` has and that lost their place for being empty. */
function withRequired(card: Card, read: Card): Card {
  const schemes = isRecord(read.securitySchemes) && isRecord(card.securitySchemes)
    ? { securitySchemes: restoredEach(card.securitySchemes, read.securitySchemes) }
    : {};
  return { ...restored(card, read, CARD), ...schemes };
}

function restoredEach(schemes: Card, read: Card): Card {
  return Object.fromEntries(
    Object.entries(read).map(([name, scheme]) => [name, restoredAt(schemes[name], scheme, SCHEME)]),
  );
}

function restored(card: Card, read: Card, { members, within = {} }: Required): Card {
  const lost = members.filter((name) => !(name in read) && card[name] !== undefined && card[name] !== null);
  const inner = Object.entries(within).filter(([name]) => name in read).map(([name, required]) =>
    [name, restoredAt(card[name], read[name], required)] as const
  );
  return { ...read, ...Object.fromEntries(lost.map((name) => [name, card[name]])), ...Object.fromEntries(inner) };
}

function restoredAt(card: unknown, read: unknown, required: Required): unknown {
  if (Array.isArray(card) && Array.isArray(read)) return read.map((item, at) => restoredAt(card[at], item, required));
  return isRecord(card) && isRecord(read) ? restored(card, read, required) : read;
}

/** Without empty texts, lists and objects, at every depth; undefined if nothing is left. */
function prune(value: unknown): unknown {
  if (value === "" || value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(prune).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isRecord(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, prune(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
