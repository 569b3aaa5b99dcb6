import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button.tsx';
import { Empty } from '../components/Empty.tsx';

/** Keeps a fault of the page to the page: the stop bar is not in here. */
export class Whole extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <main>
        <Empty
          title="This page broke"
          actions={
            <Button look="solid" onClick={() => location.reload()}>
              Reload the studio
            </Button>
          }
        >
          <p>
            The stop bar below still works. Your show goes on; after a reload you can take it up again, and
            nothing is armed.
          </p>
        </Empty>
      </main>
    );
  }
}
