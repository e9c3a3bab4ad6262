import { ConnectionError } from "./http2_error.ts";

/**
 * RFC 7541 Appendix B: how many bits the code of each symbol has, one digit of base 36 for each of the 256 octets and for
 * EOS. The code is canonical (§5.2), so the lengths are all there is to know.
 */
const LENGTHS = [
  "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca",
  "d67777777777777777777777878djde6f56565666577666567655677777fbeds",
  "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn",
  "qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq",
  "u",
].join("");
const EOS = 256;

/** Code and length of each symbol, in the order of the canonical code. */
export function huffmanCodes(): { readonly symbol: number; readonly code: number; readonly bits: number }[] {
  const symbols = [...LENGTHS].map((digit, symbol) => ({ symbol, bits: parseInt(digit, 36) }))
    .sort((a, b) => a.bits - b.bits || a.symbol - b.symbol);
  let next = 0;
  let lastBits = 0;
  return symbols.map(({ symbol, bits }) => {
    next *= 2 ** (bits - lastBits);
    lastBits = bits;
    return { symbol, bits, code: next++ };
  });
}

/**
 * A binary tree: two cells for each node, one for each bit. A positive cell is the next node, a negative one the symbol
 * −1 − cell.
 */
function buildTree(): Int16Array {
  const tree = new Int16Array(2 * (EOS + 1));
  let nodes = 1;
  for (const { symbol, code, bits } of huffmanCodes()) {
    let node = 0;
    for (let at = bits - 1; at > 0; at--) {
      const cell = node * 2 + ((code >>> at) & 1);
      if (tree[cell] === 0) tree[cell] = nodes++;
      node = tree[cell] ?? 0;
    }
    tree[node * 2 + (code & 1)] = -1 - symbol;
  }
  return tree;
}

let tree: Int16Array | undefined;

/** The octets that `bytes` is the code of, as characters. Throws ConnectionError COMPRESSION_ERROR. */
export function huffmanDecode(bytes: Uint8Array): string {
  tree ??= buildTree();
  let text = "";
  let node = 0;
  let depth = 0;
  let onlyOnes = true;
  for (const byte of bytes) {
    for (let at = 7; at >= 0; at--) {
      const bit = (byte >>> at) & 1;
      const cell = tree[node * 2 + bit] ?? 0;
      depth++;
      if (bit === 0) onlyOnes = false;
      if (cell >= 0) {
        node = cell;
        continue;
      }
      if (cell === -1 - EOS) throw new ConnectionError("COMPRESSION_ERROR", "A Huffman code holds EOS");
      text += String.fromCharCode(-1 - cell);
      node = 0;
      depth = 0;
      onlyOnes = true;
    }
  }
  // RFC 7541 §5.2: the padding is shorter than an octet and made of the beginning of EOS, which is all ones.
  if (depth > 7 || !onlyOnes) throw new ConnectionError("COMPRESSION_ERROR", "A Huffman code is padded wrongly");
  return text;
}
