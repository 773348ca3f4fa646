/** BCP 47 tag, `zh_CN` set right, of the nearest `lang`, across shadow roots, else the browser's. */
export function languageOf(element: Element): string {
  const marked = element.closest<HTMLElement>('[lang]');
  if (marked?.lang) return marked.lang.replaceAll('_', '-');
  const { host } = element.getRootNode() as Partial<ShadowRoot>;
  return host ? languageOf(host) : navigator.language;
}
