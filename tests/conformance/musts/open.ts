/** A part of a demand that no test shows, and why. */
export interface OpenPart {
  readonly number: number;
  readonly part: string;
  /** Begins with "waits for" where something has to be built, and with "by its nature" where no test can tell. */
  readonly reason: string;
}

export const OPEN: readonly OpenPart[] = [
  {
    number: 16,
    part: "an agent chooses among media types what its caller accepts",
    reason: "waits for an agent that can answer in more than one media type",
  },
  {
    number: 46,
    part: "credentials of webhooks are encrypted where they are stored",
    reason: "waits for encryption at rest in the stores",
  },
  {
    number: 47,
    part: "the receiver's side of notifications",
    reason: "waits for a client that receives notifications; ours follows streams",
  },
  {
    number: 48,
    part: "a card that promises an extended card which is not there is EXTENDED_AGENT_CARD_NOT_CONFIGURED",
    reason: "waits for extended cards",
  },
  {
    number: 49,
    part: "a required extension that was not asked for is EXTENSION_SUPPORT_REQUIRED",
    reason: "waits for agents that require an extension; the only extension there is, is optional",
  },
  {
    number: 53,
    part: "our client looks at the card's capabilities before it asks for what is optional",
    reason: "waits for the client",
  },
  {
    number: 60,
    part: "hector's own listeners speak TLS",
    reason: "waits for TLS on the listeners; until then a proxy in front of them ends it",
  },
  {
    number: 61,
    part: "401 with WWW-Authenticate, 403, and a credential checked with every request",
    reason: "waits for authentication",
  },
  {
    number: 64,
    part: "audit, rate limits and retention",
    reason: "waits for the guard",
  },
  {
    number: 67,
    part: "the extended card is given to whom a declared scheme lets in",
    reason: "waits for extended cards and authentication",
  },
  { number: 68, part: "cards are signed in their canonical form", reason: "waits for signed cards" },
  { number: 69, part: "signatures of cards are verified", reason: "waits for signed cards" },
];
