import { Arrived, PageTitle } from '../components/PageTitle.tsx';
import { WordsPage } from '../components/WordsPage.tsx';

/** After somebody disappeared. */
export function GoneScreen() {
  return (
    <WordsPage>
      {/* The button that had the focus is gone as well. */}
      <Arrived value={true}>
        <PageTitle>You are gone</PageTitle>
      </Arrived>
      <p>Your account, the keys and everything that this browser had of you are deleted.</p>
      <p>
        Rooms that are still open in another tab may know you by your old name for up to 10 minutes; close
        them. Watching needs no account, so you can stay as nobody. The next time you write or tip, you begin
        as somebody new.
      </p>
    </WordsPage>
  );
}
