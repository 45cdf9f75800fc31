// A text that counts comes in the forms of its language, each by its kind of number.
const kinds = new Intl.PluralRules(document.documentElement.lang || "en");
export const formed = (text, count) => (text instanceof Object ? text[kinds.select(Number(count))] ?? text.other : text);
