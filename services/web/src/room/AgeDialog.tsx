import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';

/** Asked where the operator wants it, before a picture is shown. The answer stays in this browser. */
export function AgeDialog({ age, onConfirm }: { readonly age: number; onConfirm(): void }) {
  return (
    <Dialog
      title={`Are you ${age} or older?`}
      actions={
        <>
          <Button
            look="plain"
            onClick={() => {
              location.assign('about:blank');
            }}
          >
            No, leave
          </Button>
          <Button look="solid" onClick={onConfirm}>
            I am {age} or older
          </Button>
        </>
      }
    >
      <p>
        This room is for people of {age} and older. Your answer stays in this browser and is sent nowhere.
      </p>
    </Dialog>
  );
}
