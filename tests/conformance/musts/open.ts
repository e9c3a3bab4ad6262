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
    number: 64,
    part: "audit, rate limits and retention",
    reason: "waits for the guard",
  },
];
