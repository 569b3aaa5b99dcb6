import { Store } from '../lib/store.ts';
import { pathWithin, type Route, routeOf } from './routes.ts';

/** Which page the address asks for. Links stay real links: without a script's help they lead to the same place. */
export class Router {
  readonly route = new Store<Route>(routeOf(location.pathname));

  /** Listens from now on, for as long as the document lives. */
  constructor() {
    document.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const path = link ? pathWithin(event, link, location.href) : undefined;
      if (path === undefined) return;
      event.preventDefault();
      if (path !== location.pathname) history.pushState(null, '', path);
      this.route.set(routeOf(path));
      scrollTo(0, 0);
    });
    addEventListener('popstate', () => this.route.set(routeOf(location.pathname)));
  }
}
