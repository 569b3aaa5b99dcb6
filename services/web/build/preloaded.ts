import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

/**
 * Tells a page's HTML of a module that its script will import in a moment, so that the browser fetches both at once.
 *
 * @param wanted the end of the module's path, by the end of the page's
 */
export function preloaded(wanted: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'nightjar-preloaded',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, filename }) {
        const module = Object.entries(wanted).find(([page]) => filename.endsWith(page))?.[1];
        if (module === undefined) return [];
        const chunks = Object.values(bundle).filter(
          (file): file is Rolldown.OutputChunk => file.type === 'chunk',
        );
        const chunk = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)));
        if (!chunk) throw new Error(`no chunk has ${module} in it`);
        const fresh = [chunk.fileName, ...chunk.imports].filter((file) => !html.includes(`"/${file}"`));
        return fresh.map(
          (file): HtmlTagDescriptor => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
            injectTo: 'head',
          }),
        );
      },
    },
  };
}
