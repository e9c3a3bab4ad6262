import { PLUGIN_TABLES } from "../app/runtime.ts";
import { type KeyDoc, keyDocs } from "../config/key_docs.ts";
import { missingPart } from "../config/missing_part.ts";
import { didYouMean } from "../lib/suggest.ts";
import { UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import type { Terminal } from "./terminal.ts";

export const explain: Command = {
  summary: "Explain a key of the configuration",
  usage: "[PATH] [-o json]",
  flags: { output: OUTPUT },
  examples: ["hector explain", "hector explain agents.analyst.llm", "hector explain tools.read_file"],
  run(args, { terminal }) {
    const output = outputOf(args);
    const [path = "", ...rest] = args.positionals;
    if (rest.length > 0) throw new UsageError("hector explain explains one key at a time");
    const found = findDocs(path);
    if (output === "json") printJson(terminal, found.length === 1 ? found[0] : found);
    else terminal.out(found.map((doc) => tell(doc, terminal)).join("\n"));
    return Promise.resolve(EXIT.ok);
  },
};

/** The steps of `agents.a.tools[0]` and `llms["gpt-4.1"].model`. */
function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/\["([^"]*)"\]|(\[\d*\])|([^.[\]]+)/g)].map(([, quoted, index, step]) =>
    quoted ?? (index === undefined ? step ?? "" : "[]")
  );
}

/** What a path leads to; several, if several plugins have a key of that name. Throws UsageError. */
function findDocs(path: string): readonly KeyDoc[] {
  const [...steps] = stepsOf(path);
  return steps.reduce<readonly KeyDoc[]>((docs, step, at) => {
    const next = docs.flatMap((doc) => below(doc, step));
    if (next.length > 0) return next;
    const missing = missingPart(steps.slice(0, at + 1));
    if (missing !== undefined) {
      throw new UsageError(`Key "${path}" ${missing.startsWith("not") ? "is " : ""}${missing}`);
    }
    const known = docs.flatMap((doc) => [...doc.children, ...pluginKeys(doc)].map(({ name }) => name));
    const names = [...new Set(known)];
    const where = docs[0]?.path ?? "";
    const choices = names.length === 0 ? "it has no keys" : `it has ${names.join(", ")}`;
    const guess = didYouMean(step, names);
    throw new UsageError(
      `No key "${step}" ${where === "" ? "at the top" : `in ${where}`}${guess === "" ? `: ${choices}` : guess}`,
    );
  }, [keyDocs(PLUGIN_TABLES)]);
}

function below(doc: KeyDoc, step: string): readonly KeyDoc[] {
  const own = [...doc.children, ...pluginKeys(doc)].filter(({ name }) => name === step);
  if (own.length > 0) return own.map((child) => child.name === doc.plugins?.key ? oneOf(doc.plugins, child) : child);
  return doc.children.filter(({ name }) => name.startsWith("<")).map((named) => calledAfter(named, step));
}

/** The key by which a plugin is chosen. */
function oneOf({ options }: { readonly options: readonly { readonly name: string }[] }, key: KeyDoc): KeyDoc {
  return { ...key, allowed: options.map(({ name }) => name).join(", ") };
}

function pluginKeys({ plugins }: KeyDoc): readonly KeyDoc[] {
  return plugins?.options.flatMap(({ name, children }) =>
    children.map((child) => ({ ...child, description: `Of ${name}. ${child.description}` }))
  ) ?? [];
}

/** A part that is called like a plugin is most likely meant to be one. */
function calledAfter(doc: KeyDoc, step: string): KeyDoc {
  const options = doc.plugins?.options.filter(({ name }) => name === step) ?? [];
  if (doc.plugins === undefined || options.length === 0) return doc;
  return { ...doc, plugins: { ...doc.plugins, options } };
}

function tell(doc: KeyDoc, terminal: Terminal): string {
  const { path, type, description, children, plugins } = doc;
  const facts = [
    ...path === "" ? [] : [`${terminal.bold(path)}   ${type}${doc.required ? ", required" : ""}`],
    ...description === "" ? [] : [description],
    ...doc.allowed === undefined ? [] : [`allowed: ${doc.allowed}`],
    ...doc.default === undefined || children.length > 0 ? [] : [`default: ${JSON.stringify(doc.default)}`],
  ];
  const lists = [
    ...children.length === 0 ? [] : [table(children)],
    ...(plugins?.options ?? []).filter(({ children }) => children.length > 0).map((option) =>
      `with ${plugins?.key}: ${option.name}\n${table(option.children)}`
    ),
  ];
  const names = plugins === undefined || children.length === 0
    ? []
    : [`${plugins.key} is one of: ${plugins.options.map(({ name }) => name).join(", ")}`];
  return `${[...facts, ...names].join("\n")}${facts.length > 0 && lists.length > 0 ? "\n\n" : ""}${
    lists.join("\n\n")
  }\n`;
}

function table(docs: readonly KeyDoc[]): string {
  const [width, typeWidth] = [docs.map(({ name }) => name.length), docs.map((doc) => typeAndDefault(doc).length)]
    .map((lengths) => Math.max(...lengths));
  return docs.map((doc) => {
    const first = firstSentence(doc.description);
    return `  ${doc.name.padEnd(width ?? 0)}  ${typeAndDefault(doc).padEnd(typeWidth ?? 0)}  ${first}`.trimEnd();
  }).join("\n");
}

const SHOWN_DEFAULT_LENGTH = 30;

function typeAndDefault({ type, default: value, children }: KeyDoc): string {
  const text = value === undefined || children.length > 0 ? "" : JSON.stringify(value);
  return text === "" || text.length > SHOWN_DEFAULT_LENGTH ? type : `${type} = ${text}`;
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
}
