import { agentMessage, toolCallPart, toolOutcomePart, userMessage } from "../../src/a2a/parts.ts";
import type { Message } from "../../src/a2a/types.ts";

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let ids = 0;
const newIds = () => ({ messageId: `m${ids++}` });

export const user = (text: string): Message => userMessage(text, newIds());
export const agent = (text: string): Message => agentMessage([{ text }], newIds());
export const calls = (...names: string[]): Message =>
  agentMessage(names.map((id) => toolCallPart({ id, name: "t", arguments: { id } })), newIds());
export const outcome = (id: string, output = `outcome of ${id}`): Message =>
  agentMessage([toolOutcomePart({ id, name: "t", output, isError: false })], newIds());

/**
 * A history as tasks leave it: questions, answers, calls whose outcomes come in any order, late or never, outcomes without
 * a call, ids that come again.
 */
export function randomHistory(random: () => number): Message[] {
  const history: Message[] = [];
  const open: string[] = [];
  const length = Math.floor(random() * 30);
  const text = () => "word ".repeat(1 + Math.floor(random() ** 3 * 300));
  while (history.length < length) {
    const dice = random();
    if (dice < 0.2) history.push(user(text()));
    else if (dice < 0.35) history.push(agent(text()));
    else if (dice < 0.6) {
      const names = Array.from({ length: 1 + Math.floor(random() * 3) }, () => `c${Math.floor(random() * 12)}`);
      open.push(...names);
      history.push(calls(...new Set(names)));
    } else if (dice < 0.97) {
      const [id] = open.splice(Math.floor(random() * open.length), 1);
      if (id !== undefined) history.push(outcome(id, text()));
    } else history.push(outcome(`lost${history.length}`));
  }
  return history;
}
