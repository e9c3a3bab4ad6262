/** The number or boolean that a text says, where a schema expects one (zod's names of types); undefined if it says none. */
export function textAs(text: string, expected: string): boolean | number | undefined {
  if (expected === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const isNumeric = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text);
  return (expected === "number" || expected === "int") && isNumeric ? Number(text) : undefined;
}
