import { z } from "zod";
import type { Message } from "../a2a/types.ts";
import { definePlugin } from "../lib/plugin.ts";
import { type Bond, bondsOf, withoutOrphans } from "./bonds.ts";
import type { Memory } from "./memory.ts";
import { maxMessageTokens, messageTokens } from "./tokens.ts";

/**
 * Strategy "token_window": the newest messages that fit the budget, nothing rewritten. The newest piece and the newest
 * message of the user stay whatever they take, and whole: where one of them alone is too long, its provider says so, which
 * is better than an answer to half a question.
 */
export const tokenWindow = definePlugin({
  options: () => z.strictObject({}),
  create: (): Memory => ({ select: (history, maxTokens) => Promise.resolve(select(history, maxTokens)) }),
});

function select(history: readonly Message[], maxTokens: number): readonly Message[] {
  const sound = withoutOrphans(history);
  if (surelyFits(sound, maxTokens)) return sound;
  const bonds = bondsOf(sound);
  const asked = sound.findLastIndex(({ role }) => role === "ROLE_USER");
  const kept = bonds.map(({ from, to }, at) => at === bonds.length - 1 || (from <= asked && asked < to));
  const costOf = ({ from, to }: Bond) => sound.slice(from, to).reduce((sum, each) => sum + messageTokens(each), 0);
  let left = bonds.reduce((rest, bond, at) => kept[at] ? rest - costOf(bond) : rest, maxTokens);
  for (let at = bonds.length - 1; at >= 0; at--) {
    const bond = bonds[at];
    if (bond === undefined || kept[at]) continue;
    left -= costOf(bond);
    if (left < 0) break;
    kept[at] = true;
  }
  return bonds.flatMap(({ from, to }, at) => kept[at] ? sound.slice(from, to) : []);
}

/** Most conversations are far below the budget, and then nobody has to count. */
function surelyFits(history: readonly Message[], maxTokens: number): boolean {
  let tokens = 0;
  for (const message of history) {
    tokens += maxMessageTokens(message);
    if (tokens > maxTokens) return false;
  }
  return true;
}
