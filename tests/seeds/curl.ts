/** A command line of curl, as far as the descriptions use it. Throws for an option that it does not know. */
export function toRequest(script: string): Request {
  const words = wordsOf(script);
  if (words.shift() !== "curl") throw new TypeError(`No command of curl: ${script}`);
  const headers = new Headers();
  let method: string | undefined;
  let body: string | undefined;
  let url: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    switch (word) {
      case "-N":
        break;
      case "-X":
        method = words.shift();
        break;
      case "-d":
        body = words.shift();
        break;
      case "-H": {
        const [name = "", ...value] = (words.shift() ?? "").split(":");
        headers.set(name, value.join(":").trim());
        break;
      }
      default:
        if (word.startsWith("-")) throw new TypeError(`Unknown option ${word}`);
        url = word;
    }
  }
  if (url === undefined) throw new TypeError(`No URL: ${script}`);
  return new Request(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

/** The words of a shell's command line without its comments: quotes hold together, a backslash ends no line. */
export function wordsOf(script: string): string[] {
  const plain = script.split("\n").filter((line) => !line.startsWith("#")).join("\n").replaceAll("\\\n", " ");
  return [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) =>
    single ?? double ?? bare ?? ""
  );
}
