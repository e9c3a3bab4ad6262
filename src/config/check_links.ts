import { didYouMean } from "../lib/suggest.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { placeIn, type Resolution, type Text, textsAt } from "./resolution.ts";
import { type Place, quote } from "./tree.ts";

/** Where one agent names another. */
interface Link {
  readonly to: string;
  readonly at: Text;
}

/** Which agents name which: unknown names, an agent that names itself, and sub-agents in a circle are findings. */
export function checkLinks(section: Place, ids: readonly string[], { findings }: Resolution): void {
  const subAgents = new Map<string, readonly Link[]>();
  for (const id of ids) {
    const agent = placeIn(section, id);
    const named = (key: string) =>
      textsAt(placeIn(agent, key)).flatMap((at): Link[] => {
        if (at.text !== id && ids.includes(at.text)) return [{ to: at.text, at }];
        findings.push({ offset: at.offset, path: at.path, message: whyNot(at, id, ids) });
        return [];
      });
    subAgents.set(id, named("sub_agents"));
    named("agent_tools");
  }
  const done = new Set<string>();
  for (const id of ids) findCircle(id, { way: [], done, subAgents, findings });
}

function whyNot({ text, tree }: Text, id: string, ids: readonly string[]): string {
  if (text === id) return "found the agent itself, expected another";
  const others = ids.filter((other) => other !== id);
  const expected = others.length === 0 ? "another agent (there is none)" : oneOf(others.map(quote));
  const guess = tree.kind === "scalar" && tree.variables === undefined ? didYouMean(text, others) : "";
  return `found ${describeValue(tree, [])}, expected ${expected}${guess}`;
}

interface Search extends Pick<Resolution, "findings"> {
  /** The agents from the first to the one at hand. */
  readonly way: readonly string[];
  /** Those below which there is no circle that was not told. */
  readonly done: Set<string>;
  readonly subAgents: ReadonlyMap<string, readonly Link[]>;
}

function findCircle(id: string, search: Search): void {
  const { way, done, subAgents, findings } = search;
  if (done.has(id)) return;
  for (const { to, at } of subAgents.get(id) ?? []) {
    const circle = [...way, id];
    const begin = circle.indexOf(to);
    if (begin < 0) findCircle(to, { ...search, way: circle });
    else {
      const shown = [...circle.slice(begin), to].join(" → ");
      findings.push({ offset: at.offset, path: at.path, message: `found a circle of sub-agents: ${shown}` });
    }
  }
  done.add(id);
}
