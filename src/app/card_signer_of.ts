import { type CardSigner, createCardSigner } from "../a2a/card/card_signer.ts";
import { readSigningKey, type SigningKey } from "../a2a/card/signing_key.ts";
import type { ServerConfig } from "../config/config.ts";

/** What signs the cards; undefined where they are not signed. Throws TypeError for a key that cannot sign. */
export function cardSignerOf({ card_signing }: Pick<ServerConfig, "card_signing">): CardSigner | undefined {
  const keys = (card_signing?.keys ?? []).map(({ key, kid, alg }, at): SigningKey => {
    try {
      return readSigningKey({ text: key.reveal(), kid, alg });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`${reason} (server.card_signing.keys.${at})`, { cause });
    }
  });
  const [first, ...others] = keys;
  if (first === undefined) return undefined;
  const twice = keys.find(({ kid }, at) => keys.findIndex((key) => key.kid === kid) !== at);
  if (twice !== undefined) {
    throw new TypeError(`Cannot publish two keys called "${twice.kid}": each needs a kid (server.card_signing.keys)`);
  }
  return createCardSigner([first, ...others]);
}
