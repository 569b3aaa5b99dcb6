import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';

/** Whether a person came here by a link of this document: then the new page's title takes the focus, as after a load. */
export const Arrived = createContext(false);

/** A page's one h1. */
export function PageTitle({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const arrived = useContext(Arrived);
  useEffect(() => {
    if (arrived) heading.current?.focus({ preventScroll: true });
  }, [arrived]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
