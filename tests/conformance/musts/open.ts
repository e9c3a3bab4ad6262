/** A part of a demand that no test shows, and why. */
export interface OpenPart {
  readonly number: number;
  readonly part: string;
  /**
   * Begins with "waits for" where something has to be built, with "by its nature" where no test can tell, and with "shown
   * by" and the path of a test that needs a real server.
   */
  readonly reason: string;
}

export const OPEN: readonly OpenPart[] = [
  {
    number: 46,
    part: "credentials of webhooks are encrypted where they are stored",
    reason: "waits for encryption at rest in the stores",
  },
  {
    number: 47,
    part: "the receiver's side of notifications",
    reason: "by its nature no demand on a server, and our client receives nothing: it follows streams",
  },
  {
    number: 60,
    part: "hector's own listeners speak TLS",
    reason: "shown by tests/e2e/tls_test.ts",
  },
  {
    number: 68,
    part: "the keys of signatures change without a card that nobody can verify",
    reason: "shown by tests/docs/cards_test.ts",
  },
  {
    number: 64,
    part: "audit, rate limits and retention",
    reason: "waits for them; requests, bodies and connections have limits",
  },
];
